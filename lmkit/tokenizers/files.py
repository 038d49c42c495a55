"""File access of the tokenizers: read training text, read and write tokenizer files."""

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import regex

from lmkit.tokenizers.special import replace_surrogates, special_token_pattern

CHARS_PER_READ = 2**20
LONGEST_PATH = 1024
"""A longer text is never interpreted as a file path."""
_BEFORE_LAST_SPACE = regex.compile(r"(?r)(?<=\S)(?= )")  # (?r): search from the end


def read_documents(source: str | Path | Iterable[str], special_tokens: Sequence[str] = ()) -> Iterator[str]:
    """Yield the text of a training source, one document or one chunk of a file at a time.

    Args:
        source: A text, the path of a UTF-8 text file, or documents.
        special_tokens: Strings that a chunk of a file never splits.

    Yields:
        Texts. The chunks of a file, joined, give the file.

    Raises:
        TypeError: If the source is none of the three.
        ValueError: If the file is not UTF-8, or the text looks like the path of a file.
    """
    if isinstance(source, str):
        if _is_path_of_file(source):
            raise ValueError(
                f"source={source!r} is the path of a file; as a str it is the text itself: "
                f"to learn from what is in the file, pass pathlib.Path({source!r})"
            )
        yield source
    elif isinstance(source, Path):
        yield from _read_in_pieces(source, special_tokens)
    elif isinstance(source, Iterable) and not isinstance(source, bytes):
        for document in source:
            if not isinstance(document, str):
                raise TypeError(f"source yields {document!r:.60}, which is not a str")
            yield document
    else:
        raise TypeError(f"source={source!r:.60} must be a text, a pathlib.Path or an iterable of documents")


def _is_path_of_file(text: str) -> bool:
    if len(text) > LONGEST_PATH or "\n" in text:
        return False
    try:
        return Path(text).is_file()
    except (OSError, ValueError):
        return False


def _read_in_pieces(path: Path, special_tokens: Sequence[str]) -> Iterator[str]:
    """Read a file in chunks that end before a space and after a character that is not whitespace.

    No pre-tokenisation pattern in use joins the two sides of such a boundary, so the pre-token counts of
    the chunks add up to those of the file.
    """
    special = special_token_pattern(special_tokens)
    longest_special = max(map(len, special_tokens), default=0)
    rest = ""
    with path.open(encoding="utf-8-sig", newline="") as file:
        try:
            while block := file.read(CHARS_PER_READ):
                text = rest + block
                last_space = _BEFORE_LAST_SPACE.search(text, endpos=max(len(text) - longest_special, 0))
                cut = last_space.start() if last_space else 0
                for match in special.finditer(text):
                    if match.start() < cut < match.end():
                        cut = match.start()
                yield text[:cut]
                rest = text[cut:]
        except UnicodeDecodeError as error:
            raise ValueError(f"{path} is not UTF-8 text: {error}") from error
    yield rest


def read_text(path: Path) -> str:
    """Read a UTF-8 file.

    Args:
        path: The file.

    Returns:
        Its text.

    Raises:
        ValueError: If it is not UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(f"{path} is not UTF-8 text: {error}") from error


def read_json(path: Path) -> Any:
    """Read a JSON file.

    Args:
        path: The file.

    Returns:
        Its contents.

    Raises:
        ValueError: If it is not JSON, for example because it is truncated.
    """
    try:
        return json.loads(read_text(path))
    except json.JSONDecodeError as error:
        raise ValueError(f"{path} is not valid JSON: {error}") from error


def write_text(path: Path, text: str) -> None:
    """Write a UTF-8 file atomically: write a temporary file next to it, then rename it.

    Args:
        path: The file to write or replace.
        text: What to write.
    """
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        unfinished.write_text(text, encoding="utf-8", newline="\n")
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise


def write_json(path: Path, contents: Any) -> None:
    """Write a JSON file atomically.

    Args:
        path: The file to write or replace.
        contents: What to write.
    """
    text = json.dumps(contents, ensure_ascii=False, indent=2)
    if replace_surrogates(text) != text:  # half of a surrogate pair can only be written as an escape
        text = json.dumps(contents, indent=2)
    write_text(path, text + "\n")
