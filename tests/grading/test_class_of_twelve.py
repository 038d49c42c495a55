"""The whole loop on a class in which nearly everything goes wrong."""

import csv
import re

import pytest
from nbgrader.api import Gradebook

from tests.grading import classroom
from tests.grading.classroom import ASSIGNMENT, MARK_SCHEME, SECRET, feedback, graded

CLASS = {
    "perfect": classroom.perfect,
    "blank": classroom.blank,
    "partly": classroom.partly_right,
    "syntax": classroom.syntax_error,
    "loop": classroom.infinite_loop,
    "deleted": classroom.deleted_test_cells,
    "edited": classroom.edited_test_cells,
    "doubled": classroom.duplicated_cells,
    "import": classroom.exception_at_import,
    "output": classroom.output_of_10_megabytes,
    "json": classroom.broken_json,
    "renamed": classroom.renamed,
    "other": classroom.other_assignment,
}
BY_HAND = "3 points to give by hand"
EXPECTED = {
    "perfect": (4, BY_HAND),
    "blank": (0, f"no answer cell was changed; {BY_HAND}"),
    "partly": (2, BY_HAND),
    "syntax": (2, f"SyntaxError in cell mean; {BY_HAND}"),
    "loop": (2, f"timed out in cell count_visible, and 1 more; {BY_HAND}"),
    "deleted": (2, BY_HAND),
    "edited": (0, BY_HAND),
    "doubled": (4, BY_HAND),
    "import": (2, f"ModuleNotFoundError in cell count; {BY_HAND}"),
    "output": (4, BY_HAND),
    "json": (None, f"{ASSIGNMENT}.ipynb is not valid JSON (line 4)"),
    "other": (
        0,
        f"none of this assignment's answers and tests is in the notebook: is it another assignment's?; {BY_HAND}",
    ),
    "renamed": (4, f"my homework.ipynb was taken for {ASSIGNMENT}.ipynb; {BY_HAND}"),
}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    course = classroom.make_course(tmp_path_factory.mktemp("course"))
    classroom.hand_in(course, CLASS)
    return course


@pytest.fixture(scope="module")
def first(course):
    return classroom.grade(course)


def scores_in(report: str) -> dict[str, tuple[float | None, str]]:
    rows = re.findall(r"^(\w+) +(?:not graded|([\d.]+) / 7)(?:  (.*))?$", report, re.MULTILINE)
    return {student: (float(score) if score else None, remark) for student, score, remark in rows}


def test_each_ends_with_its_score_or_a_reason(first):
    assert scores_in(first.stdout) == EXPECTED, first.stderr
    assert first.returncode == 1
    assert "Not graded, 1 of 13: json." in first.stdout
    assert re.search(r"13 submissions in \d+ s", first.stdout)
    assert first.stderr.splitlines()[-1] == f"{ASSIGNMENT}: 12 of 12 submissions, done"  # it goes to no terminal


def test_the_spreadsheet_says_the_same(course, first):
    with (course / "grades.csv").open(newline="", encoding="utf-8") as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    assert {name: float(row[ASSIGNMENT]) if row[ASSIGNMENT] else None for name, row in rows.items()} == {
        name: score for name, (score, _) in EXPECTED.items()
    }
    assert "not valid JSON" in rows["json"][f"{ASSIGNMENT} remark"]
    assert not (course / "grades.tmp").exists()


def test_the_gradebook_has_the_same_scores(course, first):
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        scores = {
            submission.student.id: submission.score for submission in gradebook.assignment_submissions(ASSIGNMENT)
        }
    assert scores == {student: score for student, (score, _) in EXPECTED.items() if score is not None}


def test_endless_output_is_cut(course, first):
    for outputs in (cell.get("outputs", []) for cell in graded(course, "output").cells):
        assert sum(len(output.get("text", "")) for output in outputs) < 1.1e6
    assert "more output than is kept" in feedback(course, "output")


@pytest.mark.parametrize("student", [name for name, (score, _) in EXPECTED.items() if score is not None])
def test_feedback_shows_no_hidden_test_and_no_mark_scheme(student, course, first):
    page = feedback(course, student)
    assert "count_visible" in page
    assert SECRET not in page
    assert "HIDDEN TESTS" not in page
    assert MARK_SCHEME not in page
    assert SECRET in str(graded(course, student))  # the instructor does see them


def test_feedback_loads_nothing_from_anywhere(course, first):
    page = feedback(course, "perfect")
    assert not re.findall(r"<(?:script|link|img)\b[^>]*(?:src|href)=(?!\"data:)", page)
    assert '"packages": {"[-]": ["require", "autoload"]}' in page


def test_what_goes_to_stderr_is_shown_and_costs_nothing(course, first):
    assert scores_in(first.stdout)["perfect"] == (4, BY_HAND)
    shown = [output.text for cell in graded(course, "perfect").cells for output in cell.get("outputs", [])]
    for text in ("counting a", "UserWarning: careful", "UserWarning: a test may warn, too"):
        assert any(text in output for output in shown)
    page = feedback(course, "perfect")
    assert "counting a" in page
    assert "UserWarning: careful" in page


def test_feedback_says_what_is_wrong(course, first):
    assert "Points were lost in tests that are not shown here" in feedback(course, "partly")
    assert "Points were lost" not in feedback(course, "perfect")
    assert "SyntaxError" in feedback(course, "syntax")
    assert "is there a loop that does not end?" in feedback(course, "loop")


def test_grading_twice_gives_the_same_grades(course, first):
    before = (course / "grades.csv").read_text(encoding="utf-8")
    second = classroom.grade(course)
    assert scores_in(second.stdout) == EXPECTED
    assert (course / "grades.csv").read_text(encoding="utf-8") == before
