"""A class made from the answers on file; `python -m benchmarks.grading` does the same with 200 students."""

import csv

from tests.grading import classroom
from tests.grading.answers import make_class

ASSIGNMENT = "language_models"


def test_every_score_is_the_one_expected_and_the_report_names_what_was_believed(tmp_path, monkeypatch):
    course = tmp_path / "course"
    expected = make_class(course, ASSIGNMENT, 4)
    monkeypatch.setattr(classroom, "ASSIGNMENT", ASSIGNMENT)
    ended = classroom.grade(course)
    assert ended.returncode == 0, ended.stderr
    with (course / "grades.csv").open(newline="", encoding="utf-8") as file:
        assert {row["student_id"]: float(row[ASSIGNMENT]) for row in csv.DictReader(file)} == expected
    report = (course / "reports" / f"{ASSIGNMENT}.txt").read_text(encoding="utf-8")
    believed = [line.split(maxsplit=1)[1] for line in report.splitlines() if line.startswith("   ")]
    on_file = [
        header
        for path in (course / "tests" / "exercises" / ASSIGNMENT).rglob("wrong_*.py")
        for header in path.read_text(encoding="utf-8").splitlines()[:2]
    ]
    assert any(f"# misconception: {text}" in on_file for text in believed), report
