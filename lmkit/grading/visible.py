"""What a notebook is without its hidden tests, and the record of what came of it."""

import json
import re
from pathlib import Path

from nbformat import NotebookNode, from_dict
from nbgrader.utils import is_locked

from lmkit.grading.records import record_folder

HIDDEN = re.compile(r"^[^\n]*BEGIN (HIDDEN TESTS|MARK SCHEME).*?END \1[^\n]*\n?", re.DOTALL | re.MULTILINE)


def visible_source(cell: NotebookNode) -> str:
    r"""Return the source of a cell without hidden tests and mark schemes, which only locked cells have.

    Example:
        >>> from nbformat.v4 import new_code_cell
        >>> source = "### BEGIN HIDDEN TESTS\nassert f(2) == 4\n### END HIDDEN TESTS\nassert f(1) == 1"
        >>> visible_source(new_code_cell(source, metadata={"nbgrader": {"locked": True, "grade_id": "f_tests"}}))
        'assert f(1) == 1'
    """
    return HIDDEN.sub("", cell.source) if is_locked(cell) else cell.source


def visible_record(at: dict[str, str]) -> Path:
    """Return where the record of a notebook without its hidden tests is.

    Args:
        at: What nbgrader says of the notebook: its assignment, its student and its name.
    """
    return record_folder(at["assignment"], at["student"]) / f"{at['notebook']}.visible.json"


def keep_outputs(nb: NotebookNode, path: Path) -> None:
    """Write the sources and the outputs of a notebook that has run without its hidden tests."""
    path.parent.mkdir(parents=True, exist_ok=True)
    sources = [cell.source for cell in nb.cells]
    outputs = [cell.get("outputs", []) for cell in nb.cells]
    path.write_text(json.dumps({"sources": sources, "outputs": outputs}), encoding="utf-8")


def fill_in_outputs(nb: NotebookNode, path: Path) -> bool:
    """Give a notebook the outputs that were kept of one with the same sources.

    Returns:
        Whether there were any.
    """
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    if kept.get("sources") != [cell.source for cell in nb.cells]:
        return False
    for cell, outputs in zip(nb.cells, kept["outputs"], strict=True):
        if cell.cell_type == "code":
            cell.outputs = [from_dict(output) for output in outputs]
    return True
