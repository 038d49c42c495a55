"""Look at what a student handed in before anything runs."""

import json
from pathlib import Path

MAX_MEGABYTES = 50


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
        ...     _ = Path(folder, "gpt (1).ipynb").write_text("{}")
        ...     submission_problem(Path(folder), ["gpt.ipynb"])
        'notebook is named gpt (1).ipynb, expected gpt.ipynb'
    """
    paths = sorted(folder.rglob("*"))
    for path in paths:
        if path.is_symlink() or not (path.is_file() or path.is_dir()):
            return f"{path.relative_to(folder)} is neither a file nor a folder"
    if sum(path.stat().st_size for path in paths) > MAX_MEGABYTES * 10**6:
        return f"larger than {MAX_MEGABYTES} MB"
    for notebook in notebooks:
        if not (folder / notebook).is_file():
            others = [path.name for path in paths if path.suffix == ".ipynb" and path.name not in notebooks]
            return f"notebook is named {others[0]}, expected {notebook}" if others else f"{notebook} is missing"
        problem = notebook_problem(folder / notebook)
        if problem:
            return f"{notebook} {problem}"
    return None


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
    cells = content.get("cells") if isinstance(content, dict) else None
    if not isinstance(cells, list) or not all(isinstance(cell, dict) for cell in cells):
        return "is not a notebook of format 4"
    return None
