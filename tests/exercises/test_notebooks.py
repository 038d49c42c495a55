"""The notebooks in the repository are clean, and the students' copies hold no answer."""

import ast
import re
import sys

import nbformat
import pytest
from nbgrader import utils

from tests.exercises.assignments import ROOT, assignment_names, read_notebook, tasks

NOTEBOOKS = sorted(
    path
    for folder in ("solutions", "exercises")
    for path in (ROOT / folder).glob("**/*.ipynb")
    if "-kept-" not in path.name  # what `make exercises` found there before
)
GUIDE = ROOT / "exercises" / "guide.ipynb"
KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


def test_every_assignment_is_one_notebook_with_a_release():
    expected = [
        ROOT / folder / name / f"{name}.ipynb" for folder in ("solutions", "exercises") for name in assignment_names()
    ]
    assert sorted([*expected, GUIDE]) == NOTEBOOKS


@pytest.mark.parametrize("path", [pytest.param(path, id=str(path.relative_to(ROOT))) for path in NOTEBOOKS])
def test_a_notebook_is_clean(path):
    text = path.read_text(encoding="utf-8")
    notebook = nbformat.reads(text, as_version=4)
    nbformat.validate(notebook)
    assert text == nbformat.writes(notebook) + "\n", "the file is not in nbformat's own layout"
    about = notebook.metadata.pop("assignment", {})
    assert list(about) == ([] if path == GUIDE else ["level", "minutes", "number", "page"])
    assert notebook.metadata == {"kernelspec": KERNELSPEC, "language_info": {"name": "python"}}
    for cell in notebook.cells:
        assert re.fullmatch(r"[a-z]+(_[a-z0-9]+)*", cell.id), f"{cell.id}: a cell's id is lower-case words"
        assert not re.fullmatch(r"[0-9a-f]{8}", cell.id), f"{cell.id}: Jupyter made this id up"
        assert cell.id == cell.metadata.get("nbgrader", {}).get("grade_id", cell.id), "the id differs from nbgrader's"
        if cell.cell_type == "code":
            assert cell.outputs == []
            assert cell.execution_count is None


@pytest.mark.parametrize("assignment", assignment_names())
def test_the_release_is_the_source_less_what_stands_between_markers(assignment):
    released = {cell.id: cell.source.rstrip() for cell in read_notebook("exercises", assignment).cells}
    source = {cell.id: cell.source for cell in read_notebook("solutions", assignment).cells}
    assert released == {id: without_answers(text).rstrip() for id, text in source.items()}
    assert not any(re.search(r"BEGIN|END", text) for text in released.values())
    assert any("raise NotImplementedError()" in text for text in released.values())


def without_answers(text: str) -> str:
    """Put the stub in place of solutions, and cut hidden tests and mark schemes out, without nbgrader's own parser."""
    stub = r"\1# YOUR CODE HERE\n\1raise NotImplementedError()\n"
    text = re.sub(r"(?ms)^( *)### BEGIN SOLUTION$.*?### END SOLUTION$\n?", stub, text)
    text = re.sub(r"(?ms)^[#=]+ BEGIN (HIDDEN TESTS|MARK SCHEME)\b.*?END \1[ =]*$\n?", "", text)
    return text


@pytest.mark.parametrize("assignment", assignment_names())
def test_an_assignment_needs_nothing_but_python_and_torch(assignment):
    """So it runs where lmkit is not installed, on Google Colab for example."""
    for cell in read_notebook("solutions", assignment).cells:
        if cell.cell_type == "code":
            nodes = list(ast.walk(ast.parse(cell.source)))
            names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
            names |= {node.module for node in nodes if isinstance(node, ast.ImportFrom)}
            assert {name.split(".")[0] for name in names} <= {*sys.stdlib_module_names, "torch"}, cell.id


@pytest.mark.parametrize("assignment", assignment_names())
def test_points_and_statements(assignment):
    """Every task says how many points it gives, and its cells give as many."""
    cells = read_notebook("solutions", assignment).cells
    given = {cell.metadata.nbgrader.grade_id: cell.metadata.nbgrader.points for cell in cells if is_marked(cell)}
    promised = [
        int(number) for cell in cells for number in re.findall(r"^## .*\((\d+) points\)$", cell.source, re.MULTILINE)
    ]
    graded = [sum(given.pop(test_id) for test_id in task.test_ids) for task in tasks(assignment)]
    assert promised == graded + list(given.values())


def is_marked(cell) -> bool:
    return utils.is_grade(cell) or utils.is_task(cell)
