from nbformat.v4 import new_code_cell, new_notebook, new_output
from nbgrader.utils import compute_checksum

from lmkit.grading import Result, format_report
from lmkit.grading.report import notebook_remark, one_line

ADA = Result(student="ada", score=4.5, max_score=7.0, by_hand=2.0)
BO = Result(student="bo-the-second", score=None, max_score=7.0, remark="a.ipynb is missing")


def failed(ename: str, **nbgrader) -> dict:
    error = new_output("error", ename=ename, evalue="why", traceback=[])
    return new_code_cell("x", outputs=[error], metadata={"nbgrader": nbgrader} if nbgrader else {})


def test_the_report_is_a_table():
    assert format_report([BO, ADA]).splitlines() == [
        "student               score  remark",
        "ada                 4.5 / 7  2 points to give by hand",
        "bo-the-second    not graded  a.ipynb is missing",
    ]


def test_a_remark_cannot_control_the_terminal():
    assert one_line("\x1b[2J\rgraded\n") == "?[2J?graded?"
    assert one_line("x" * 100) == "x" * 100
    assert one_line("x" * 101) == "x" * 99 + "…"


def test_failed_tests_need_no_remark_but_timeouts_and_broken_answers_do():
    test_cell = failed("AssertionError", grade_id="t", grade=True)
    assert notebook_remark(new_notebook(cells=[test_cell])) == ""
    answer = failed("SyntaxError", grade_id="answer", grade=False)
    assert notebook_remark(new_notebook(cells=[answer, test_cell])) == "SyntaxError in cell answer"
    slow = failed("CellTimeoutError", grade_id="t", grade=True)
    remark = notebook_remark(new_notebook(cells=[slow, failed("NameError")]))
    assert remark == "timed out in cell t"
    unclear = failed("ScoreError", grade_id="t", grade=True)
    assert notebook_remark(new_notebook(cells=[unclear])) == "cell t: why"


def test_a_cell_without_points_and_name_is_blamed_only_if_nothing_else_is():
    test_cell = failed("AssertionError", grade_id="t", grade=True)
    assert notebook_remark(new_notebook(cells=[test_cell, failed("NameError")])) == ""
    assert notebook_remark(new_notebook(cells=[failed("NameError")])) == "NameError in cell number 1"


def test_tampering_is_named_first():
    cells = [failed("SyntaxError", grade_id="answer"), failed("TamperingError", grade_id="t", grade=True)]
    assert notebook_remark(new_notebook(cells=cells)) == "cell t: why, and 1 more"


def test_who_changed_no_answer_is_told_where_it_stands():
    answer = failed("NotImplementedError", grade_id="a", grade=False, solution=True)
    answer.source = "def f(x):\n    raise NotImplementedError\ndef g(x):\n    raise NotImplementedError"
    answer.metadata.nbgrader.checksum = compute_checksum(answer)
    notebook = new_notebook(cells=[answer, failed("NotImplementedError")])
    assert notebook_remark(notebook) == "no answer cell was changed"
    notebook.cells += [new_code_cell("%time\n"), new_code_cell("def g(x):\n    return 1\ndef other(): pass")]
    assert notebook_remark(notebook) == "no answer cell was changed; an added cell defines g"
    answer.source += "  # done"
    assert notebook_remark(notebook) == "NotImplementedError in cell a"


def test_the_wrong_assignment_is_named():
    notebook = new_notebook(cells=[failed("NotImplementedError", grade_id="a")], metadata={"cells_found": 0})
    assert "is it another assignment's?" in notebook_remark(notebook)
    notebook.metadata.cells_found = 1
    assert notebook_remark(notebook) == "NotImplementedError in cell a"
