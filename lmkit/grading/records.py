"""What is known of each submission from earlier runs, so that only what has changed is done again.

A record is a file ``.grading/ASSIGNMENT/STUDENT/record.json`` in the course. It is written in full or not at all, and
it says what it was made from: a digest of the submission, the assignment's source and the grader.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

RECORDS = Path(".grading")
"""The folder of all records, in the course."""


@dataclass(kw_only=True)
class Record:
    """One submission as it was graded last.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     Record(made_from="1f", remark="late").save(Path(folder) / "ada")
        ...     Record.load(Path(folder) / "ada").remark, Record.load(Path(folder) / "bo").remark
        ('late', '')
    """

    made_from: str = ""
    """Digest of everything that the scores depend on; empty while a run is under way."""
    problem: str | None = None
    """Why it was not graded."""
    remark: str = ""
    """What stood out."""
    shown: str = ""
    """Digest of the scores and comments that the feedback page shows."""
    answers: dict[str, str] = field(default_factory=dict)
    """For each graded cell, digest of the answer that it was graded for."""
    mark_again: dict[str, str] = field(default_factory=dict)
    """For each cell whose mark no longer counts, why, until there is a new one."""
    messages: dict[str, str] = field(default_factory=dict)
    """For each test that failed, what it said."""
    seconds: dict[str, float] = field(default_factory=dict)
    """For each test, how long it took."""

    @classmethod
    def load(cls, folder: Path) -> "Record":
        """Read a record; an empty one if there is none that can be read."""
        try:
            return cls(**json.loads((folder / "record.json").read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return cls()

    def save(self, folder: Path) -> None:
        """Write the record in full or not at all."""
        folder.mkdir(parents=True, exist_ok=True)
        temporary = folder / "record.tmp"
        temporary.write_text(json.dumps(asdict(self), indent=1), encoding="utf-8")
        temporary.replace(folder / "record.json")


def record_folder(assignment: str, student: str) -> Path:
    """Return where the record of a submission is, relative to the course."""
    return RECORDS / assignment / student


def digest(value: Any) -> str:
    """Return a digest of what JSON can hold."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def digest_files(paths: Iterable[Path]) -> str:
    """Return a digest of files' names and contents; folders count with all that is in them.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     before = digest_files([Path(folder)])
        ...     _ = Path(folder, "a.txt").write_text("a")
        ...     before == digest_files([Path(folder)])
        False
    """
    found = []
    for path in paths:
        files = (
            [path]
            if path.is_file()
            else sorted(inner for inner in path.rglob("*") if inner.is_file() and inner.suffix != ".pyc")
        )
        found += [(str(file.relative_to(path.parent)), hashlib.sha256(file.read_bytes()).hexdigest()) for file in files]
    return digest(found)
