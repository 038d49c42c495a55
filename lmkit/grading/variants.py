"""Variants of an assignment: other random inputs in the hidden tests, other examples and numbers where some are listed.

``solutions/variant.txt`` holds the number of the course's variant; without the file it is 0, the notebooks as they are.
Release and grading both read it. ``solutions/variants.toml`` lists texts and what may stand for them.
"""

import hashlib
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

from nbformat import NotebookNode
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import is_solution

HIDDEN = re.compile(r"^### BEGIN HIDDEN TESTS.*?^### END HIDDEN TESTS", re.DOTALL | re.MULTILINE)
SEED = re.compile(r"\b(Random|manual_seed)\((\d+)\b(?!\.)")
Changes = Mapping[str, list[dict[str, str]]]


def course_variant(solutions: Path) -> int:
    """Read which variant a course uses.

    Args:
        solutions: The folder of the sources.

    Raises:
        ValueError: If ``variant.txt`` holds no number.
    """
    path = solutions / "variant.txt"
    text = path.read_text(encoding="utf-8").strip() if path.exists() else "0"
    if not re.fullmatch(r"[0-9]{1,18}", text):
        raise ValueError(f"{path} holds {text[:40]!r}; a variant is a number of at most 18 digits")
    return int(text)


def listed_changes(solutions: Path, assignment: str) -> Changes:
    """Read the alternatives of an assignment, by task: each is a table from texts to what stands for them."""
    path = solutions / "variants.toml"
    listed: Changes = tomllib.loads(path.read_text(encoding="utf-8")).get(assignment, {}) if path.exists() else {}
    return listed


def drawn(variant: int, *about: str) -> int:
    """Draw a number from 0 to 999,999 that only the variant decides, for one purpose."""
    return int(hashlib.sha256(" ".join([str(variant), *about]).encode()).hexdigest(), 16) % 1_000_000


def vary(notebook: NotebookNode, variant: int, changes: Changes) -> None:
    """Turn a notebook into one of its variants.

    In hidden tests every ``Random(7)`` and ``manual_seed(7)`` gets another seed. Of the alternatives of each task one
    is chosen, and its texts are replaced in every cell but the answers.

    Args:
        notebook: Changed in place; by variant 0 it is not.
        variant: Which.
        changes: See :func:`listed_changes`.

    Example:
        >>> from nbformat.v4 import new_markdown_cell, new_notebook
        >>> notebook = new_notebook(cells=[new_markdown_cell("The mean of 1 and 3 is 2.")])
        >>> vary(notebook, 3, {"mean": [{"1 and 3 is 2": "2 and 8 is 5"}]})
        >>> notebook.cells[0].source
        'The mean of 2 and 8 is 5.'
    """

    def other_seed(seed: re.Match) -> str:
        return f"{seed[1]}({drawn(variant, seed[1], seed[2])}"

    if variant == 0:
        return
    chosen = [alternatives[drawn(variant, task) % len(alternatives)] for task, alternatives in changes.items()]
    for cell in notebook.cells:
        if is_solution(cell):
            continue
        for old, new in (pair for texts in chosen for pair in texts.items()):
            cell.source = cell.source.replace(old, new)
        cell.source = HIDDEN.sub(
            lambda region: SEED.sub(lambda seed: f"{seed[1]}({drawn(variant, seed[1], seed[2])}", region[0]),
            cell.source,
        )


class MakeVariant(NbGraderPreprocessor):
    """The step of nbgrader's release that makes the course's variant, before hidden tests are stored.

    Example:
        >>> from traitlets.config import Config
        >>> c = Config()
        >>> c.GenerateAssignment.preprocessors = ["lmkit.grading.MakeVariant", "nbgrader.preprocessors.LockCells"]
    """

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """Change the notebook."""
        course = CourseDirectory(config=self.config)
        assignment = resources["nbgrader"]["assignment"]
        solutions = Path(course.format_path(course.source_directory, ".", assignment)).parent
        vary(nb, course_variant(solutions), listed_changes(solutions, assignment))
        return nb, resources
