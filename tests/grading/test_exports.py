import csv

import pytest

from lmkit.grading.exports import fill_in, main

GRADES = (
    "student_id,gpt,gpt points,gpt remark\nlovelaceada_71,24,24,\nBo-Li_72,0,24,\ncy@example.org,3.5,24,\ndee,,24,\n"
)
CANVAS = """Student,ID,SIS User ID,SIS Login ID,Section,other (4),gpt (905),Final Score
    Points Possible,,,,,10,24,(read only)
"Lovelace, Ada",71,S1,ada,A,1,,
"Li, Bo",72,S2,bo,A,2,7,
"Moss, Cy",99,S3,cy@example.org,A,3,,
"Nobody, Else",98,S4,else,A,3,5,
"""
MOODLE = """Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,Feedback comments
Participant 71,Ada Lovelace,,Submitted,,24,Yes,
Participant 72,Bo Li,,Submitted,5,24,No,
Participant 12,Cy Moss,cy@example.org,Submitted,,24,Yes,
"""


@pytest.fixture
def course(tmp_path):
    (tmp_path / "grades.csv").write_text(GRADES)
    return tmp_path


def export(course, table):
    path = course / "table.csv"
    path.write_text(table, encoding="utf-8-sig")
    status = main("gpt", path, course=course)
    with (course / "table-filled.csv").open(newline="") as file:
        return status, list(csv.reader(file))


def test_canvas_gets_back_its_own_table_with_the_scores(course):
    status, rows = export(course, CANVAS)
    before = list(csv.reader(CANVAS.splitlines()))
    assert rows[0] == before[0]
    assert [row[6] for row in rows[1:]] == ["24", "24", "0", "3.5", "5"]
    assert [row[:6] + row[7:] for row in rows] == [row[:6] + row[7:] for row in before]
    assert status == 0


def test_moodles_worksheet_keeps_what_may_not_be_changed(course, capsys):
    status, rows = export(course, MOODLE)
    assert [row[4] for row in rows[1:]] == ["24", "5", "3.5"]
    assert status == 1
    assert "No row for Bo-Li_72" in capsys.readouterr().out


def test_a_table_of_neither_is_refused():
    with pytest.raises(ValueError, match="Canvas' has Student and ID"):
        fill_in(["name"], [], "gpt", {})


def test_an_unknown_assignment_is_named(course, capsys):
    (course / "table.csv").write_text(CANVAS)
    assert main("gtp", course / "table.csv", course=course) == 2
    assert "grades.csv has no column gtp" in capsys.readouterr().err
