"""The instructor's guide, followed to the letter on a small class."""

import re
import shutil
import subprocess
import sys

import pytest

from tests.grading import classroom
from tests.grading.classroom import ASSIGNMENT, ROOT

GUIDE = ROOT / "chapters" / "teaching" / "instructor.md"
TARGETS = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


def commands(text):
    """What the page tells to run; blocks of another kind wait for a person."""
    return "\n".join(re.findall(r"^```sh\n(.*?)^```$", text, re.MULTILINE | re.DOTALL))


@pytest.fixture(scope="module")
def followed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("guide")
    course = classroom.make_course(folder / "course")
    classroom.hand_in(course, {"ada": classroom.answered, "bo": classroom.partly_right})
    for made in ("submitted", "exercises", f"downloaded/{ASSIGNMENT}/extracted"):
        shutil.rmtree(course / made)
    shutil.copy(ROOT / "Makefile", course)
    (course / ".venv").symlink_to(sys.prefix)
    script = commands(GUIDE.read_text(encoding="utf-8")).replace("language_models", ASSIGNMENT)
    script = f'set -e\nmake() {{ command make -o .venv/.ready "$@"; }}\n{script}'
    environment = classroom.environment()
    done = subprocess.run(
        ["sh", "-c", script], cwd=course, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return course, done.stdout


def test_the_students_notebooks_are_made(followed):
    course, _ = followed
    released = (course / "exercises" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb").read_text(encoding="utf-8")
    assert "YOUR CODE HERE" in released
    assert classroom.SECRET not in released


def test_what_was_handed_in_is_graded(followed):
    _, said = followed
    assert re.search(r"^ada\b.* 4", said, re.MULTILINE), said
    assert re.search(r"^bo\b.* 2", said, re.MULTILINE), said


def test_feedback_and_marks_are_listed_at_the_end(followed):
    course, said = followed
    for student in ("ada", "bo"):
        assert f"feedback/{student}/{ASSIGNMENT}/{ASSIGNMENT}.html" in said
    assert said.endswith((course / "grades.csv").read_text(encoding="utf-8"))


@pytest.mark.parametrize("page", ["student", "instructor"])
def test_the_guides_name_targets_and_files_that_exist(page):
    text = (GUIDE.parent / f"{page}.md").read_text(encoding="utf-8")
    assert set(re.findall(r"\bmake ([a-z]+)\b(?=[`\n ]*(?:ASSIGN|`|\n))", text)) <= TARGETS
    for picture in re.findall(r"```\{figure\} (\S+)", text):
        assert (GUIDE.parent / picture).stat().st_size < 120_000, picture
