"""Text files of documents, read one document at a time and written completely or not at all."""

import gzip
import json
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO
from uuid import uuid4

from lmkit.tokenizers.special import replace_surrogates

TEXT_SUFFIXES = (".txt", ".md", ".jsonl", ".txt.gz", ".md.gz", ".jsonl.gz")
"""Endings of files that are always read as text, whatever their content."""


def read_documents(path: Path) -> Iterator[str]:
    """Read the documents of one file.

    Args:
        path: A file in UTF-8, compressed if it ends in ``.gz``. One that ends in ``.jsonl`` or ``.jsonl.gz`` has one
            document per line in the field ``"text"``; any other is one document.

    Yields:
        The documents in file order. A lone surrogate, which JSON can express and UTF-8 cannot, becomes U+FFFD.

    Raises:
        ValueError: If the file is not UTF-8 text, a line is not a JSON object with a text, or the compressed data
            is damaged. The message names the file and the byte or the line.
    """
    name = path.name.lower()
    with gzip.open(path) if name.endswith(".gz") else path.open("rb") as file:
        try:
            if name.removesuffix(".gz").endswith(".jsonl"):
                yield from _read_texts(file, path)
            else:
                yield _read_whole(file.read(), path)
        except (gzip.BadGzipFile, EOFError, zlib.error) as error:
            raise ValueError(f"file {str(path)!r} is not a whole gzip file: {error}") from error


def write_documents(path: Path, documents: Iterable[str]) -> int:
    """Write documents as JSON lines. If anything fails, no file is written.

    Args:
        path: The file to write; must end in ``.jsonl`` or ``.jsonl.gz``.
        documents: The texts, consumed one by one.

    Returns:
        The number of documents.

    Raises:
        ValueError: If the path ends in something else.
    """
    if not path.name.endswith((".jsonl", ".jsonl.gz")):
        raise ValueError(f"file {str(path)!r} must end in .jsonl or .jsonl.gz")
    number = 0
    with replace_file(path) as file:
        # With neither name nor time in the header, equal documents give equal files.
        lines = gzip.GzipFile(filename="", fileobj=file, mode="wb", mtime=0) if path.suffix == ".gz" else file
        for document in documents:
            line = json.dumps({"text": document}, ensure_ascii=False) + "\n"
            lines.write(line.encode("utf-8", "backslashreplace"))  # half a surrogate pair becomes \\ud83d, as in JSON
            number += 1
        if lines is not file:
            lines.close()
    return number


@contextmanager
def replace_file(path: Path) -> Iterator[BinaryIO]:
    """Open a temporary file that replaces ``path`` when the block ends, and is removed if the block fails.

    Args:
        path: The file to write. It stays unchanged until the end.

    Yields:
        A binary file in the same folder, open for reading and writing.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{uuid4().hex}")
    try:
        with unfinished.open("x+b") as file:
            yield file
        unfinished.replace(path)
    except BaseException:  # also when the user presses Ctrl-C
        unfinished.unlink(missing_ok=True)
        raise


def decode(data: bytes, path: Path, start: int = 0) -> str:
    """Decode bytes of a file.

    Args:
        data: The bytes.
        path: The file, for the message.
        start: Their offset in the file. A byte order mark at the beginning of the file is dropped.

    Returns:
        The text.

    Raises:
        ValueError: If they are not UTF-8. The message names the file and the byte.
    """
    try:
        return data.decode("utf-8").removeprefix("\ufeff" if start == 0 else "")
    except UnicodeDecodeError as error:
        raise ValueError(
            f"file {str(path)!r} is not UTF-8: byte {start + error.start} is {data[error.start]:#04x} ({error.reason})"
        ) from error


def read_json_lines(file: Iterable[bytes], path: Path) -> Iterator[tuple[int, Any]]:
    """Read JSON lines.

    Args:
        file: The lines; empty lines are skipped.
        path: The file, for the messages.

    Yields:
        The number of each line, from 1, and its value.

    Raises:
        ValueError: If a line is not UTF-8 or not JSON. The message names the file and the byte or the line.
    """
    start = 0
    for number, line in enumerate(file, start=1):
        text = decode(line, path, start)
        start += len(line)
        if not text.strip():
            continue
        try:
            yield number, json.loads(text)
        except json.JSONDecodeError as error:
            raise ValueError(f"file {str(path)!r}, line {number}: not JSON ({error})") from error


def _read_texts(file: Iterable[bytes], path: Path) -> Iterator[str]:
    for number, row in read_json_lines(file, path):
        if not isinstance(row, dict) or not isinstance(row.get("text"), str):
            raise ValueError(f"file {str(path)!r}, line {number}: not an object with a text in its field 'text'")
        yield replace_surrogates(row["text"])


def _read_whole(data: bytes, path: Path) -> str:
    """Decode a file that is one document; a zero byte is valid UTF-8, but never occurs in text."""
    if (position := data.find(b"\0")) >= 0:
        raise ValueError(f"file {str(path)!r} is not text: byte {position} is 0")
    return decode(data, path)
