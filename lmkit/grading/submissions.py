"""Look at what a student handed in before anything runs, and lay it out as nbgrader expects it."""

import glob
import json
import os
import shutil
import zipfile
from pathlib import Path

from nbgrader.utils import parse_utc

MAX_MEGABYTES = 50


def name_problem(student: str) -> str | None:
    r"""Say why a folder's name cannot be a student's id.

    Args:
        student: The folder's name.

    Returns:
        ``None`` if it can, otherwise one line for the report.

    Example:
        >>> name_problem("Lovelace, Ada; X")
        >>> name_problem("ada\udcff")
        "the folder's name is not UTF-8"
    """
    try:
        student.encode()
    except UnicodeEncodeError:
        return "the folder's name is not UTF-8"
    if student != student.strip():
        return "the folder's name begins or ends with a space"
    if glob.has_magic(student):
        return "the folder's name has one of * ? [ in it, which nbgrader takes for a pattern: rename it"
    if not student.isprintable():
        return "the folder's name has a control character in it"
    if len(student) > 128:
        return "the folder's name is longer than 128 characters"  # what nbgrader's gradebook holds
    return None


def submission_problem(folder: Path, notebooks: list[str]) -> str | None:
    """Say why a submission cannot be graded.

    Args:
        folder: What one student handed in for one assignment.
        notebooks: Names of the assignment's notebooks, with their ending.

    Returns:
        ``None`` if it can be graded, otherwise one line for the report.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     _ = Path(folder, "gpt.ipynb").write_text("{}")
        ...     submission_problem(Path(folder), ["gpt.ipynb"])
        'gpt.ipynb is not a notebook of format 4'
    """
    try:
        paths = sorted(folder.rglob("*"))
        for path in paths:
            if path.is_symlink() or not (path.is_file() or path.is_dir()):
                return f"{path.relative_to(folder)} is neither a file nor a folder"
        if sum(path.stat().st_size for path in paths) > MAX_MEGABYTES * 10**6:
            return f"larger than {MAX_MEGABYTES} MB"
        given = notebook_paths(folder, notebooks)
        for notebook in notebooks:
            if notebook not in given:
                return missing(notebook, paths)
            problem = notebook_problem(given[notebook])
            if problem:
                return f"{given[notebook].name} {problem}"
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    return None


def notebook_paths(folder: Path, notebooks: list[str]) -> dict[str, Path]:
    """Find an assignment's notebooks in a submission; a single one may have any name, such as ``gpt (1).ipynb``.

    Args:
        folder: What one student handed in.
        notebooks: Names of the assignment's notebooks.

    Returns:
        The files by the name that they should have, without those that are missing.
    """
    found = {name: folder / name for name in notebooks if (folder / name).is_file()}
    others = [path for path in folder.rglob("*.ipynb") if ".ipynb_checkpoints" not in path.parts and path.is_file()]
    if not found and len(notebooks) == len(others) == 1:
        found = {notebooks[0]: others[0]}
    return found


def missing(notebook: str, paths: list[Path]) -> str:
    """Say that a notebook is missing, and what is there in its place."""
    broken = [path.name for path in paths if path.suffix == ".zip" and not zipfile.is_zipfile(path)]
    if broken:
        return f"{notebook} is missing, and {broken[0]} cannot be unpacked"
    others = [path.name for path in paths if path.suffix == ".ipynb"]
    return f"{notebook} is missing" + (f"; there are {len(others)} others, such as {others[0]}" if others else "")


def notebook_problem(path: Path) -> str | None:
    """Say what is wrong with a notebook's file.

    Args:
        path: The file.

    Returns:
        ``None`` if it is a notebook, otherwise a phrase such as ``is not valid JSON (line 3)``.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        return f"is not valid JSON (line {error.lineno})"
    except UnicodeDecodeError:
        return "is not UTF-8 text"
    except RecursionError:
        return "is nested too deeply"
    except ValueError:  # Python's only other complaint about JSON
        return "contains a number of more than 4,300 digits"
    cells = content.get("cells") if isinstance(content, dict) else None
    if not isinstance(cells, list) or not all(isinstance(cell, dict) for cell in cells):
        return "is not a notebook of format 4"
    return None


def lay_out(folder: Path, target: Path, notebooks: list[str]) -> list[str]:
    """Copy a submission as nbgrader expects it: notebooks under their names, and a time that can be read or none.

    Args:
        folder: What one student handed in, without a :func:`submission_problem`.
        target: A folder to make.
        notebooks: Names of the assignment's notebooks.

    Returns:
        What was changed, for the report.
    """
    remarks = []
    shutil.copytree(folder, target, ignore=shutil.ignore_patterns("*.ipynb"))
    for name, path in notebook_paths(folder, notebooks).items():
        shutil.copy(path, target / name)
        if path.name != name:
            remarks.append(f"{path.name} was taken for {name}")
    timestamp = target / "timestamp.txt"
    if os.path.lexists(timestamp) and not is_time(timestamp):
        shutil.rmtree(timestamp) if timestamp.is_dir() else timestamp.unlink()
        remarks.append("timestamp.txt is not a date and time: whether this is late is not known")
    return remarks


def is_time(path: Path) -> bool:
    """Say whether nbgrader can read a file with the time at which a submission was handed in."""
    try:
        text = path.read_text(encoding="utf-8").strip()
        return len(text) < 100 and (not text or parse_utc(text).year > 0)
    except (OSError, ValueError, OverflowError, TypeError, AttributeError):
        return False
