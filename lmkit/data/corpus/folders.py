"""Which files of a folder are text, and warnings about the others."""

import codecs
import gzip
import os
import warnings
import zlib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from lmkit.data.corpus.files import TEXT_SUFFIXES

HEAD_BYTES = 2**13
BACKUP_SUFFIXES = ("~", ".bak", ".orig", ".swp")
NUM_NAMED = 3


def find_text_files(folder: Path) -> list[Path]:
    """List the text files in a folder and its subfolders, and warn about those that are skipped.

    We skip files and folders whose name begins with a dot (notebook checkpoints, macOS resource files), editor
    backups, and files whose first 8 KB are not UTF-8, similar to how git detects binary files. Files that end in
    ``.txt``, ``.md`` or ``.jsonl`` are always listed, so that unreadable ones do not go unnoticed. Symbolic links are
    followed, and a folder that is reached twice is read once.

    Args:
        folder: Where to search.

    Returns:
        The files, sorted by path.

    Raises:
        ValueError: If there are no text files.
        NotADirectoryError: If ``folder`` is not a folder.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as name:
        ...     for file in ("b.py", "a.txt"):
        ...         _ = Path(name, file).write_text("text")
        ...     print([path.name for path in find_text_files(Path(name))])
        ['a.txt', 'b.py']
    """
    skipped: dict[str, list[str]] = defaultdict(list)
    paths = list(_walk(folder, {_identity(folder)}, skipped))
    reasons = "; ".join(f"{len(names)} {reason} ({_some(names, folder)})" for reason, names in skipped.items())
    if not paths:
        raise ValueError(f"folder {str(folder)!r} has no text file" + (f": skipped {reasons}" if skipped else ""))
    if skipped:
        warnings.warn(f"folder {str(folder)!r}: skipped {reasons}", stacklevel=2)
    return paths


def _walk(folder: Path, seen: set[tuple[int, int]], skipped: dict[str, list[str]]) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            skipped["hidden"].append(str(path))
        elif path.is_dir():
            if (identity := _identity(path)) in seen:
                skipped["reached twice through a link"].append(str(path))
            else:
                seen.add(identity)
                yield from _walk(path, seen, skipped)
        elif not path.is_file():
            skipped["broken links or devices"].append(str(path))
        elif path.name.endswith(BACKUP_SUFFIXES):
            skipped["backups"].append(str(path))
        elif path.name.lower().endswith(TEXT_SUFFIXES) or _begins_as_text(path):
            yield path
        else:
            skipped["not text in UTF-8"].append(str(path))


def _identity(folder: Path) -> tuple[int, int]:
    found = folder.stat()
    return found.st_dev, found.st_ino


def _begins_as_text(path: Path) -> bool:
    with gzip.open(path) if path.name.lower().endswith(".gz") else path.open("rb") as file:
        try:
            head = file.read(HEAD_BYTES)
        except (OSError, EOFError, zlib.error):  # damaged: reported when it is read
            return True
    if b"\0" in head:
        return False
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head, final=len(head) < HEAD_BYTES)
    except UnicodeDecodeError:
        return False
    return True


def _some(names: list[str], folder: Path) -> str:
    shown = [os.path.relpath(name, folder) for name in names[:NUM_NAMED]]
    return ", ".join([*shown, "…"] if len(names) > NUM_NAMED else shown)
