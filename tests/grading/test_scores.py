import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_output
from nbgrader.utils import determine_grade

from lmkit.grading import ReadScores

ERROR = new_output("error", ename="AssertionError", evalue="wrong", traceback=["wrong"])


def value(text: str) -> NotebookNode:
    return new_output("execute_result", data={"text/plain": text})


def score(*outputs: NotebookNode) -> float:
    nbgrader = {"grade_id": "t", "grade": True, "solution": False, "locked": True, "points": 2.0, "schema_version": 3}
    cell = new_code_cell("test()", outputs=list(outputs), metadata={"nbgrader": nbgrader})
    cell, _ = ReadScores().preprocess_cell(cell, {}, 0)
    return determine_grade(cell)[0]


@pytest.mark.parametrize("text", ["False", "-1", "nan", "inf", "3", "tensor(1.)", "np.float64(1.5)", "'2'", "[2.0]"])
def test_a_value_that_is_no_score_gives_nothing(text):
    assert score(value(text)) == 0


@pytest.mark.parametrize(("text", "expected"), [("0", 0), ("0.0", 0), ("1.5", 1.5), ("2", 2), ("True", 2)])
def test_a_number_is_partial_credit(text, expected):
    assert score(value(text)) == expected


def test_silence_is_full_marks_and_an_error_none():
    assert score() == 2
    assert score(new_output("stream", text="checking")) == 2
    assert score(ERROR) == 0


def test_a_value_shown_before_an_error_does_not_count():
    assert score(value("2.0"), ERROR) == 0


def test_a_second_value_makes_the_score_unclear():
    assert score(value("2.0"), value("0.5")) == 0


def test_a_value_without_text_gives_nothing():
    assert score(new_output("execute_result", data={"image/png": ""})) == 0
