import csv

from nbformat.v4 import new_code_cell, new_notebook, new_output

from lmkit.grading import Result, format_report
from lmkit.grading.report import notebook_remark, one_line, write_csv

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
    assert len(one_line("x" * 1000)) == 100


def test_failed_tests_need_no_remark_but_timeouts_and_broken_answers_do():
    test_cell = failed("AssertionError", grade_id="t", grade=True)
    assert notebook_remark(new_notebook(cells=[test_cell])) == ""
    answer = failed("SyntaxError", grade_id="answer", grade=False)
    assert notebook_remark(new_notebook(cells=[answer, test_cell])) == "SyntaxError in cell answer"
    slow = failed("CellTimeoutError", grade_id="t", grade=True)
    remark = notebook_remark(new_notebook(cells=[slow, failed("NameError")]))
    assert remark == "timed out in cell t, and 1 more"
    unclear = failed("ScoreError", grade_id="t", grade=True)
    assert notebook_remark(new_notebook(cells=[unclear])) == "cell t: why"


def test_the_spreadsheet_has_no_score_where_nothing_was_graded(tmp_path):
    exported, path = tmp_path / "exported.csv", tmp_path / "grades.csv"
    exported.write_text("student_id,raw_score,score,max_score\nada,4.5,4.5,7\nbo-the-second,3.0,3.0,7\ncy,0.0,0.0,7\n")
    path.write_text("older")
    stranger = Result(student="dee", score=None, max_score=7.0, remark="larger than 50 MB")
    write_csv(exported, path, [ADA, BO, stranger])
    with path.open(newline="") as file:
        rows = {row["student_id"]: (row["score"], row["remark"]) for row in csv.DictReader(file)}
    assert rows == {
        "ada": ("4.5", ""),
        "bo-the-second": ("", "a.ipynb is missing"),
        "cy": ("0.0", "nothing handed in"),
        "dee": ("", "larger than 50 MB"),
    }
