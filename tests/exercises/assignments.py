"""Assignments as the tests see them: the notebook, its graded tasks, and prepared answers to each task.

An assignment is `solutions/<name>/<name>.ipynb`. A task is an answer cell with the test cells that follow it;
it has the answer cell's name. A prepared answer is a file in `tests/exercises/<name>/<task>/` that replaces that cell.
"""

import ast
import functools
import re
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader import utils

from lmkit.grading.cells import declared_trials
from lmkit.grading.variants import listed_changes, vary

ROOT = Path(__file__).parents[2]
RAISES = "raise RuntimeError('the student code ran')"


@dataclass(frozen=True)
class Answer:
    """One prepared answer to one task; the file's first lines say what it stands for.

    A correct answer is called `correct_*.py`. A wrong one is called `wrong_*.py` and begins with `# misconception: ...`
    and `# message: ...`, a regular expression that is found in a failing test's message.
    """

    path: Path

    @property
    def correct(self) -> bool:
        return self.path.stem.startswith("correct_")

    @property
    def source(self) -> str:
        return self.path.read_text(encoding="utf-8")

    def header(self, field: str) -> str:
        found = re.search(rf"^# {field}: (.+)$", self.source, re.MULTILINE)
        if not found:
            raise ValueError(f"{self.path.relative_to(ROOT)} has no line '# {field}: ...'")
        return found[1]


@dataclass(frozen=True)
class Task:
    """An answer cell, the test cells that grade it, and the prepared answers."""

    assignment: str
    name: str
    test_ids: tuple[str, ...]

    @property
    def id(self) -> str:
        return f"{self.assignment}/{self.name}"

    @property
    def folder(self) -> Path:
        return ROOT / "tests/exercises" / self.assignment / self.name

    def answers(self, correct: bool) -> list[Answer]:
        files = sorted(self.folder.glob("correct_*.py" if correct else "wrong_*.py"))
        return [Answer(path) for path in files]


def assignment_names() -> list[str]:
    return sorted(folder.name for folder in (ROOT / "solutions").iterdir() if any(folder.glob("*.ipynb")))


@functools.cache
def read_notebook(folder: str, assignment: str, variant: int = 0) -> NotebookNode:
    """Read a notebook from `solutions` or `exercises`; the result is shared, so it must not be changed."""
    notebook = nbformat.read(ROOT / folder / assignment / f"{assignment}.ipynb", as_version=4)
    vary(notebook, variant, listed_changes(ROOT / "solutions", assignment))
    return notebook


def tasks(assignment: str) -> list[Task]:
    """List the tasks that are graded by tests, in the notebook's order."""
    tests_of: dict[str, list[str]] = {}
    name = None
    for cell in read_notebook("solutions", assignment).cells:
        if cell.cell_type == "code" and utils.is_solution(cell):
            name = cell.metadata.nbgrader.grade_id
            tests_of[name] = []
        elif cell.cell_type == "code" and utils.is_grade(cell):
            if name is None:
                raise ValueError(f"{assignment}: the test cell {cell.id} stands before any answer cell")
            tests_of[name].append(cell.metadata.nbgrader.grade_id)
    return [Task(assignment, name, tuple(test_ids)) for name, test_ids in tests_of.items() if test_ids]


def solution(task: Task) -> str:
    """Return the answer cell's source in the solution notebook."""
    cells = read_notebook("solutions", task.assignment).cells
    return next(cell.source for cell in cells if cell.metadata.get("nbgrader", {}).get("grade_id") == task.name)


def trials_of(assignment: str) -> dict[str, dict]:
    """Read what the source notebook declares of its functions, by name."""
    return declared_trials(ROOT / "solutions" / assignment / f"{assignment}.ipynb")


def definitions(source: str) -> list[str]:
    """Name the functions and classes that a source defines at its top level."""
    return [node.name for node in ast.parse(source).body if isinstance(node, ast.FunctionDef | ast.ClassDef)]


def raising(source: str, names: list[str]) -> str:
    """Rewrite a source so that the named functions, and all methods of the named classes, raise when called."""
    tree = ast.parse(source)
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name in names:
            functions = [node] if isinstance(node, ast.FunctionDef) else node.body
            for function in functions:
                if isinstance(function, ast.FunctionDef):
                    function.body = ast.parse(RAISES).body
    return ast.unparse(tree)


def fill_in(notebook: NotebookNode, answers: dict[str, str]) -> None:
    """Put an answer into each answer cell that is named."""
    sources = dict(answers)
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name in sources:
            cell.source = sources.pop(name)
    if sources:
        raise ValueError(f"there are no answer cells {sorted(sources)}")
