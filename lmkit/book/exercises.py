"""Which assignments there are, and how far a student has come: for the exercises' guide and the home page."""

import contextlib
import io
import json
import re
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch


@dataclass(frozen=True, kw_only=True)
class Assignment:
    """A notebook of exercises, as its own metadata and cells describe it.

    Args:
        path: The notebook.
        title: Such as *Language models*.
        number: Its place in the order of work, from 1.
        level: *beginner*, *intermediate* or *advanced*.
        minutes: How long it takes, roughly.
        page: The page of the book that explains it, without suffix.
        points: All points, those for the written answer too.
        tasks: For each task that tests grade, the names of its test cells.

    Example:
        >>> Assignment(
        ...     path=Path("gpt/gpt.ipynb"),
        ...     title="GPT",
        ...     number=4,
        ...     level="advanced",
        ...     minutes=75,
        ...     page="code/gpt",
        ...     points=28,
        ...     tasks={"Count the parameters": ["count_visible", "count_hidden"]},
        ... ).time
        '1 h 15 min'
    """

    path: Path
    title: str
    number: int
    level: str
    minutes: int
    page: str
    points: int
    tasks: dict[str, list[str]]

    @property
    def time(self) -> str:
        """How long it takes, in words."""
        hours, minutes = divmod(self.minutes, 60)
        return " ".join(f"{number} {unit}" for number, unit in ((hours, "h"), (minutes, "min")) if number)


@dataclass(frozen=True)
class Progress:
    """Which tasks are solved; Jupyter shows it as a table.

    Args:
        solved: For each assignment its tasks, and whether their tests pass.
        folder: Where the links in the table start.

    Example:
        >>> about = dict(number=4, level="advanced", minutes=75, page="code/gpt", points=28, tasks={})
        >>> gpt = Assignment(path=Path("gpt/gpt.ipynb"), title="GPT", **about)
        >>> table = Progress([(gpt, {"Embed": True, "Attend": False})], Path())
        >>> print(table._repr_markdown_().splitlines()[-1])
        | 4 | [GPT](gpt/gpt.ipynb) | advanced | 1 h 15 min | ■□ 1 of 2 | Attend |
    """

    solved: list[tuple[Assignment, dict[str, bool]]]
    folder: Path

    def _repr_markdown_(self) -> str:
        lines = ["| number | assignment | level | time | solved | next task |", "|--:|---|---|---|---|---|"]
        for assignment, tasks in self.solved:
            done = sum(tasks.values())
            link = assignment.path.relative_to(self.folder).as_posix()
            bar = "■" * done + "□" * (len(tasks) - done)
            to_do = next((task for task, solved in tasks.items() if not solved), "*none: press Validate, then submit*")
            lines.append(
                f"| {assignment.number} | [{assignment.title}]({link}) | {assignment.level} | {assignment.time} "
                f"| {bar} {done} of {len(tasks)} | {to_do} |"
            )
        return "\n".join(lines)


def read_assignments(folder: Path) -> list[Assignment]:
    r"""Find the assignments of a folder, ``NAME/NAME.ipynb``, in the order of work.

    Args:
        folder: The students' notebooks, ``exercises``.

    Raises:
        ValueError: If a notebook does not say its number, level, minutes and page.

    Example:
        >>> import tempfile
        >>> cells = [
        ...     {"cell_type": "markdown", "metadata": {}, "source": ["# Exercises: sums"]},
        ...     {"cell_type": "markdown", "metadata": {}, "source": ["## 1. Add (1 points)"]},
        ...     {"cell_type": "code", "metadata": {}, "source": ["def add(a, b):\n    return a + b"]},
        ...     {
        ...         "cell_type": "code",
        ...         "metadata": {"nbgrader": {"grade": True, "grade_id": "add_visible", "points": 1}},
        ...         "source": ["assert add(1, 2) == 3"],
        ...     },
        ... ]
        >>> about = {"number": 1, "level": "beginner", "minutes": 5, "page": "code/gpt"}
        >>> notebook = {"cells": cells, "metadata": {"assignment": about}}
        >>> folder = tempfile.TemporaryDirectory()
        >>> path = Path(folder.name, "sums", "sums.ipynb")
        >>> path.parent.mkdir()
        >>> _ = path.write_text(json.dumps(notebook))
        >>> [assignment] = read_assignments(Path(folder.name))
        >>> assignment.title, assignment.points, assignment.tasks
        ('Sums', 1, {'Add': ['add_visible']})
        >>> check_tasks(assignment)
        {'Add': True}
        >>> print(exercise_progress(Path(folder.name))._repr_markdown_().splitlines()[-1])
        | 1 | [Sums](sums/sums.ipynb) | beginner | 5 min | ■ 1 of 1 | *none: press Validate, then submit* |
        >>> folder.cleanup()
    """
    notebooks = [path for path in sorted(folder.glob("*/*.ipynb")) if path.stem == path.parent.name]
    return sorted((_read_assignment(path) for path in notebooks), key=lambda assignment: assignment.number)


def _read_assignment(path: Path) -> Assignment:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    about = notebook["metadata"].get("assignment", {})
    if about.keys() != {"number", "level", "minutes", "page"}:
        raise ValueError(f"{path}: metadata.assignment={about} does not have the keys number, level, minutes, page")
    title = next(found[1] for cell in notebook["cells"] if (found := re.match("# Exercises: (.+)", _source(cell))))
    points = sum(_about(cell).get("points", 0) for cell in notebook["cells"])
    return Assignment(
        path=path, title=title[0].upper() + title[1:], points=points, tasks=_find_tasks(notebook["cells"]), **about
    )


def _find_tasks(cells: list[dict[str, Any]]) -> dict[str, list[str]]:
    """Name the tasks by their headings, and list the test cells that follow each."""
    tasks: dict[str, list[str]] = {}
    heading = ""
    for cell in cells:
        if found := re.match(r"## \d+\. (.+?)(?: \(\d+ points\))?$", _source(cell), re.MULTILINE):
            heading = found[1]
        elif _is_test(cell):
            tasks.setdefault(heading, []).append(_about(cell)["grade_id"])
    return tasks


def check_tasks(assignment: Assignment) -> dict[str, bool]:
    """Run a student's notebook up to its last test, in this process.

    Args:
        assignment: The notebook as it is on disk now is run.

    Returns:
        For each task whether all its tests pass. Interrupting an endless loop leaves that cell and goes on.

    Example:
        >>> [check_tasks(each) for each in read_assignments(Path("a/folder/without/notebooks"))]
        []
    """
    cells = json.loads(assignment.path.read_text(encoding="utf-8"))["cells"]
    last = max((index for index, cell in enumerate(cells) if _is_test(cell)), default=-1)
    namespace: dict[str, Any] = {"__name__": "__main__"}
    passed = set()
    with torch.set_grad_enabled(torch.is_grad_enabled()):  # a notebook may turn autograd off, or on
        for cell in cells[: last + 1]:
            if cell["cell_type"] == "code" and _runs(_source(cell), namespace):
                passed.add(_about(cell).get("grade_id"))
    return {task: set(tests) <= passed for task, tests in assignment.tasks.items()}


def _runs(source: str, namespace: dict[str, Any]) -> bool:
    """Run a cell without showing what it says; whether it ended without an error."""
    silence = io.StringIO()
    with contextlib.redirect_stdout(silence), contextlib.redirect_stderr(silence), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            exec(compile(source, "<cell>", "exec", dont_inherit=True), namespace)
        except (Exception, SystemExit, KeyboardInterrupt):
            return False
    return True


def exercise_progress(folder: Path | None = None) -> Progress:
    """Find out which tasks of the exercises are solved, by running their tests.

    Args:
        folder: The students' notebooks; the current folder by default.

    Example:
        >>> exercise_progress(Path("a/folder/without/notebooks")).solved
        []
    """
    folder = Path() if folder is None else folder
    return Progress([(assignment, check_tasks(assignment)) for assignment in read_assignments(folder)], folder)


def _about(cell: dict[str, Any]) -> dict[str, Any]:
    """What nbgrader knows of a cell."""
    return cell["metadata"].get("nbgrader", {})


def _is_test(cell: dict[str, Any]) -> bool:
    return cell["cell_type"] == "code" and bool(_about(cell).get("grade"))


def _source(cell: dict[str, Any]) -> str:
    return "".join(cell["source"])
