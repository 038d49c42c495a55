"""The cell runner does what a kernel does, as far as a grade depends on it."""

import warnings

import pytest
from nbformat.v4 import new_code_cell, new_notebook
from nbgrader import utils

from tests.exercises.assignments import definitions, raising
from tests.exercises.grading import execute


def run(*sources: str) -> list:
    notebook = new_notebook(cells=[new_code_cell(source) for source in sources])
    execute(notebook)
    return [cell.outputs for cell in notebook.cells]


def score(source: str, points: int = 2) -> float:
    cell = new_code_cell(source, metadata={"nbgrader": {"grade": True, "solution": False, "points": points}})
    execute(new_notebook(cells=[cell]))
    return utils.determine_grade(cell)[0]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("assert True", 2),
        ("assert False", 0),
        ("1 / 0", 0),
        ("syntax error", 0),
        ("raise SystemExit", 0),
        ("1.5", 1.5),
        ("0", 0),
        ("1.5;", 2),
        ("x = 1.5", 2),
        ("print('hello')", 2),
        ("False", 2),  # nbgrader's trap, kept as it is
        ("import sys\nsys.stderr.write('a warning'); 1.0", 1),  # not as nbgrader says by itself: see lmkit.grading
        ("import warnings\nwarnings.warn('careful')", 2),
        ("None", 2),
    ],
)
def test_a_cell_scores_as_nbgrader_says(source, expected):
    assert score(source) == expected


def test_cells_share_one_namespace_and_go_on_after_an_error():
    outputs = run("x = 1", "x += 1\nraise ValueError('no')", "def read():\n    return x", "print(read())\nread()")
    assert outputs[1][0].evalue == "no"
    assert [output.output_type for output in outputs[3]] == ["stream", "execute_result"]
    assert outputs[3][0].text == "2\n"
    assert outputs[3][1].data == {"text/plain": "2"}


def test_notebooks_do_not_see_each_other():
    run("import torch, warnings\ntorch.set_default_dtype(torch.float64)\nx = 1\nwarnings.simplefilter('ignore')")
    (first, second) = run("x", "import torch\nprint(torch.get_default_dtype())")
    assert first[0].ename == "NameError"
    assert second[0].text == "torch.float32\n"
    with pytest.warns(UserWarning, match="still here"):
        warnings.warn("still here", stacklevel=1)


def test_raising_functions_and_methods():
    source = "def f():\n    return 1\n\nclass C:\n    size = 3\n    def forward(self):\n        return 2\n"
    assert definitions(source) == ["f", "C"]
    _, called, method = run(raising(source, ["f", "C"]), "f()", "assert C.size == 3\nC().forward()")
    assert called[0].evalue == method[0].evalue == "the student code ran"
    _, called = run(raising(source, ["C"]), "f()")
    assert called[0].data == {"text/plain": "1"}
