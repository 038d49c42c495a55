import csv

import pytest
from nbgrader.api import Gradebook

from lmkit.grading import Result
from lmkit.grading.course import open_course
from lmkit.grading.records import Record, record_folder
from lmkit.grading.table import write_table
from tests.grading import classroom

pytestmark = pytest.mark.filterwarnings("ignore:Object of type:sqlalchemy.exc.SAWarning")  # nbgrader's own


def course_with_two_assignments(folder, monkeypatch):
    """``words`` was graded in an earlier run, ``counting`` is graded now; cy has handed in nothing."""
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PATH", classroom.environment()["PATH"])
    where = open_course()
    where.db_url = f"sqlite:///{folder}/gradebook.db"
    with Gradebook(where.db_url, where.course_id) as gradebook:
        for name, points in {"words": 5, "counting": 7}.items():
            gradebook.add_assignment(name)
            gradebook.add_notebook(name, name)
            gradebook.add_grade_cell("tests", name, name, max_score=points, cell_type="code")
        for student in ("ada", "bo", "cy"):
            gradebook.add_student(student, last_name="=HYPERLINK(1)" if student == "cy" else None)
        for student in ("ada", "bo"):
            gradebook.add_submission("words", student)
            gradebook.find_grade("tests", "words", "words", student).auto_score = 4.5
        gradebook.find_submission_notebook("words", "words", "bo").late_submission_penalty = 2
        gradebook.db.commit()
    Record(remark="late").save(record_folder("words", "bo"))
    return where


def read(path):
    with path.open(newline="", encoding="utf-8") as file:
        return {row.pop("student_id"): row for row in csv.DictReader(file)}


NOW = [
    Result(student="ada", score=6.0, max_score=7.0),
    Result(student="dee", score=None, max_score=7.0, remark="larger than 50 MB"),
]


def test_one_row_a_student_with_all_assignments(tmp_path, monkeypatch):
    write_table(course_with_two_assignments(tmp_path, monkeypatch), {"counting": NOW})
    rows = read(tmp_path / "grades.csv")
    assert {student: (row["counting"], row["words"]) for student, row in rows.items()} == {
        "ada": ("6", "4.5"),
        "bo": ("", "2.5"),
        "cy": ("", ""),
        "dee": ("", ""),
    }
    assert rows["bo"]["words remark"] == "late"
    assert rows["bo"]["counting remark"] == rows["cy"]["words remark"] == "nothing handed in"
    assert rows["dee"]["counting remark"] == "larger than 50 MB"
    assert rows["cy"]["last_name"] == "'=HYPERLINK(1)"
    assert (rows["ada"]["counting points"], rows["ada"]["words points"]) == ("7", "5")


def test_a_table_that_somebody_may_have_edited_is_kept(tmp_path, monkeypatch):
    where = course_with_two_assignments(tmp_path, monkeypatch)
    assert write_table(where, {"counting": NOW}) is None
    assert write_table(where, {"counting": NOW}) is None
    (tmp_path / "grades.csv").write_text("edited by hand")
    kept = write_table(where, {"counting": NOW})
    assert kept.read_text() == "edited by hand"
