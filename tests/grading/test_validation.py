"""What a student reads when a test fails: its message, and where in the answer an error came from."""

import contextlib
import io
import json
import shutil

import pytest
from nbconvert.filters import strip_ansi
from nbgrader.apps import NbGrader
from nbgrader.validator import Validator

from tests.grading import classroom
from tests.grading.classroom import ASSIGNMENT


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    return classroom.make_course(tmp_path_factory.mktemp("course"))


def validate(course, folder, answers, edit=lambda text: text):
    """Fill in answers and press Validate, with the course's own configuration."""
    path = shutil.copytree(course / "exercises" / ASSIGNMENT, folder / "mine") / f"{ASSIGNMENT}.ipynb"
    notebook = json.loads(edit(path.read_text(encoding="utf-8")))
    for cell in notebook["cells"]:
        if cell["id"] in answers:
            cell["source"] = answers[cell["id"]]
    path.write_text(json.dumps(notebook), encoding="utf-8")
    with contextlib.chdir(course):
        app = NbGrader()
        app.load_config_file()
    with contextlib.redirect_stderr(io.StringIO()):
        return Validator(config=app.config).validate(str(path))


def test_a_failed_test_shows_its_name_and_its_message_alone(course, tmp_path):
    answers = {"count": "def count(word, text):\n    return 7", "mean": classroom.MEAN}
    (failed,) = validate(course, tmp_path, answers)["failed"]
    assert failed["source"] == "count_visible (the code of this test is in the notebook)"
    assert failed["raw_error"].strip() == "AssertionError: count(a) in a b a is 2"


def test_a_blank_answer_is_called_blank(course, tmp_path):
    failed = validate(course, tmp_path, {"mean": classroom.MEAN})["failed"]
    assert [entry["raw_error"] for entry in failed] == ["NotImplementedError: there is no answer yet"]


def test_an_error_in_the_answer_shows_the_line_of_the_answer(course, tmp_path):
    answers = {"count": "def count(word, text):\n    return [][3]", "mean": classroom.MEAN}
    (failed,) = validate(course, tmp_path, answers)["failed"]
    assert failed["raw_error"].startswith("IndexError: list index out of range\n")
    assert "return [][3]" in strip_ansi(failed["raw_error"])
    assert "count('a', 'a b a')" not in failed["raw_error"]


def test_an_edited_test_is_reported_as_changed(course, tmp_path):
    results = validate(course, tmp_path, {}, lambda text: text.replace("count('a', 'a b a') == 2", "True == 2"))
    (changed,) = results["changed"]
    assert changed["source"].startswith("assert True == 2")


def test_nothing_is_said_when_all_pass(course, tmp_path):
    assert validate(course, tmp_path, {"count": classroom.COUNT, "mean": classroom.MEAN}) == {}


def test_a_warning_and_text_on_stderr_are_no_failures(course, tmp_path):
    answers = {"count": classroom.PRINTING_COUNT, "mean": classroom.WARNING_MEAN}
    assert validate(course, tmp_path, answers) == {}
    answers["mean"] = classroom.WARNING_MEAN.replace("sum", "max")
    (failed,) = validate(course, tmp_path / "wrong", answers)["failed"]
    assert failed["raw_error"].strip() == "AssertionError: the mean of 2 and 4 is 3"
