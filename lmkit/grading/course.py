"""The course that ``nbgrader_config.py`` describes."""

from pathlib import Path

from nbgrader.apps.baseapp import NbGrader
from nbgrader.coursedir import CourseDirectory


class GradingError(Exception):
    """The class cannot be graded at all; the message says why."""


def open_course() -> CourseDirectory:
    """Read where the course in the current folder has its files and its gradebook."""
    settings = NbGrader()
    settings.initialize([])
    return settings.coursedir


def source_folder(where: CourseDirectory, assignment: str) -> Path:
    """Return the folder of an assignment's source."""
    return Path(where.format_path(where.source_directory, ".", assignment))


def source_notebooks(where: CourseDirectory, assignment: str) -> list[str]:
    """Return the names of an assignment's notebooks.

    Raises:
        GradingError: If there are none.
    """
    source = source_folder(where, assignment)
    notebooks = sorted(path.name for path in source.glob("*.ipynb"))
    if not notebooks:
        raise GradingError(f"there is no notebook in {source}")
    return notebooks
