"""A class in which single files and names are as bad as they come, graded, killed, resumed, marked and changed."""

import csv
import os
import shutil
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import psutil
import pytest
from nbgrader.api import Gradebook

from lmkit.grading.records import Record
from tests.grading import classroom
from tests.grading.classroom import ASSIGNMENT, feedback

GOOD = {  # student -> what its folder is called
    "comma": "Lovelace, Ada; X",
    "number": "12345",
    "copy": "copy",
    "time": "time",
    "plain": "s01",
}
PATTERN = "the folder's name has one of * ? [ in it, which nbgrader takes for a pattern: rename it"
BAD = {
    "digits": f"{ASSIGNMENT}.ipynb contains a number of more than 4,300 digits",
    "zip": f"{ASSIGNMENT}.ipynb is missing, and zip.zip cannot be unpacked",
    "bytes\udcff": "the folder's name is not UTF-8",
    "s*": PATTERN,
    "[s]01": PATTERN,
    "killer": "the grader's process died in it (ended by signal 9: out of memory?)",
}
KILLER = "cell that kills the grader"


def place(course: Path, folder: str, name: str = f"{ASSIGNMENT}.ipynb", **answers: str) -> Path:
    """Put a filled-in notebook where submissions are."""
    notebook = nbformat.read(course / "exercises" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb", as_version=4)
    path = course / "submitted" / folder / ASSIGNMENT / name
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(classroom.answered(notebook, **answers), path)
    return path


def scores(course: Path) -> dict[str, str]:
    with (course / "grades.csv").open(newline="", encoding="utf-8") as file:
        return {row["student_id"]: row[ASSIGNMENT] for row in csv.DictReader(file)}


def remarks(course: Path) -> dict[str, str]:
    with (course / "grades.csv").open(newline="", encoding="utf-8") as file:
        return {row["student_id"]: row[f"{ASSIGNMENT} remark"] for row in csv.DictReader(file)}


@pytest.fixture(scope="module")
def odd(tmp_path_factory):
    course = classroom.make_course(tmp_path_factory.mktemp("course"))
    for student, folder in GOOD.items():
        place(course, folder, "counting (1).ipynb" if student == "copy" else f"{ASSIGNMENT}.ipynb")
    (course / "submitted" / "time" / ASSIGNMENT / "timestamp.txt").write_bytes(b"\xff yesterday")
    path = place(course, "digits")
    path.write_text(path.read_text().replace('"nbformat": 4', f'"nbformat": {"4" * 5000}'))
    place(course, "bytes\udcff")
    place(course, "s*")
    place(course, "[s]01")
    place(course, "killer", mean=KILLER)
    place(course, "zip").unlink()
    (course / "submitted" / "zip" / ASSIGNMENT / "zip.zip").write_bytes(b"PK broken")
    config = course / "nbgrader_config.py"
    config.write_text(
        config.read_text()
        + f"""
from nbgrader.preprocessors import ClearOutput
class Suicide(ClearOutput):
    def preprocess(self, nb, resources):
        import os, signal
        if any({KILLER!r} in cell.source for cell in nb.cells):
            os.kill(os.getpid(), signal.SIGKILL)
        return nb, resources
c.Autograde.sanitize_preprocessors.insert(0, Suicide)
"""
    )
    return course, classroom.grade(course)


def test_no_file_and_no_name_stops_the_others(odd):
    course, ended = odd
    found = scores(course)
    assert {folder: found.get(folder) for folder in GOOD.values()} == dict.fromkeys(GOOD.values(), "4"), ended.stderr


@pytest.mark.parametrize("student", BAD)
def test_each_that_cannot_be_graded_has_its_reason(student, odd):
    course, ended = odd
    assert remarks(course)[student.replace("\udcff", "?")] == BAD[student], ended.stderr


def test_what_was_put_right_is_said(odd):
    course, _ = odd
    assert remarks(course)["copy"] == "counting (1).ipynb was taken for counting.ipynb"
    assert remarks(course)["time"] == "timestamp.txt is not a date and time: whether this is late is not known"


@pytest.fixture(scope="module")
def usual(tmp_path_factory):
    """Three students, graded once; the tests below go on from each other's state, in order."""
    course = classroom.make_course(tmp_path_factory.mktemp("usual"))
    place(course, "ada")
    place(course, "bo", mean="def mean(numbers):\n    return 3")
    place(course, "cy", count="def count(word, text):\n    return 2")
    ended = classroom.grade(course)
    assert ended.returncode == 0, ended.stderr
    return course


def times(course: Path) -> dict[str, int]:
    """When each notebook was graded, and each feedback page made."""
    pages = [*course.glob("autograded/*/*/*.ipynb"), *course.glob("feedback/*/*/*.html")]
    return {str(path.relative_to(course)): path.stat().st_mtime_ns for path in pages}


def mark(course: Path, student: str, points: float) -> None:
    """Give a mark as the formgrader does."""
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        grade = gradebook.find_grade("why", ASSIGNMENT, ASSIGNMENT, student)
        grade.manual_score, grade.needs_manual_grade = points, False
        gradebook.db.commit()


def write_answer(path: Path, text: str) -> None:
    notebook = nbformat.read(path, as_version=4)
    notebook.cells = [cell for cell in notebook.cells if "nbgrader" in cell.metadata]
    notebook.cells.append(nbformat.v4.new_markdown_cell(text))
    nbformat.write(notebook, path)


def submitted(course: Path, student: str) -> Path:
    return course / "submitted" / student / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"


def test_what_has_not_changed_does_not_run_again(usual):
    before = times(usual)
    ended = classroom.grade(usual)
    assert times(usual) == before
    assert "submissions," not in ended.stderr  # no progress, since there was nothing to do
    assert scores(usual) == {"ada": "4", "bo": "2", "cy": "3"}


def test_entering_marks_runs_no_notebook_and_writes_only_the_pages_that_change(usual):
    before = times(usual)
    mark(usual, "ada", 2.5)
    classroom.grade(usual)
    after = times(usual)
    assert {path for path in after if after[path] != before[path]} == {f"feedback/ada/{ASSIGNMENT}/{ASSIGNMENT}.html"}
    assert scores(usual)["ada"] == "6.5"
    assert "2.5 / 3" in feedback(usual, "ada")


def test_a_resubmission_with_the_same_written_answer_keeps_its_mark(usual):
    write_answer(submitted(usual, "bo"), "Because.")
    classroom.grade(usual)
    mark(usual, "bo", 3)
    notebook = nbformat.read(submitted(usual, "bo"), as_version=4)
    nbformat.write(classroom.answered(notebook), submitted(usual, "bo"))
    classroom.grade(usual)
    assert scores(usual)["bo"] == "7"
    assert remarks(usual)["bo"] == ""


def test_a_resubmission_with_another_written_answer_has_to_be_marked_again(usual):
    write_answer(submitted(usual, "bo"), "For no reason.")
    ended = classroom.grade(usual)
    said = "written answer changed since it was marked: why had 3 of 3"
    assert scores(usual)["bo"] == "4"
    assert remarks(usual)["bo"] == said
    assert f"{said}; 3 points to give by hand" in ended.stdout
    classroom.grade(usual)
    assert remarks(usual)["bo"] == said  # until there is a new mark
    mark(usual, "bo", 1)
    classroom.grade(usual)
    assert (scores(usual)["bo"], remarks(usual)["bo"]) == ("5", "")


def test_tasks_may_be_added_removed_and_reweighted_after_work_was_handed_in(usual):
    path = usual / "solutions" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    old = path.read_text(encoding="utf-8")
    notebook = nbformat.read(path, as_version=4)
    notebook.cells = [cell for cell in notebook.cells if cell.id != "count_hidden"]  # worth 1
    classroom.cell(notebook, "mean_tests").metadata.nbgrader.points = 1  # before: 2
    classroom.cell(notebook, "why").metadata.nbgrader.points = 2  # before: 3
    added = nbformat.v4.new_code_cell("assert mean([7]) == 7", id="mean_one")
    added.metadata.nbgrader = {
        **classroom.cell(notebook, "mean_tests").metadata.nbgrader,
        "grade_id": "mean_one",
        "points": 4,
    }
    notebook.cells.insert(-1, added)
    nbformat.write(notebook, path)
    ended = classroom.grade(usual)
    assert ended.returncode == 0, ended.stderr
    assert scores(usual) == {"ada": "6", "bo": "6", "cy": "6"}  # of 8; marks for `why` were given out of 3
    assert "why had 2.5 of 3 and is now out of 2: mark it again" in remarks(usual)["ada"]
    assert list(usual.glob("gradebook-kept-*.db"))
    with Gradebook(f"sqlite:///{usual / 'gradebook.db'}") as gradebook:
        for submission in gradebook.assignment_submissions(ASSIGNMENT):
            assert submission.max_score == 8
            assert all(grade.score <= grade.max_score for book in submission.notebooks for grade in book.grades)
    mark(usual, "ada", 2)
    path.write_text(old, encoding="utf-8")
    classroom.grade(usual)
    assert scores(usual) == {"ada": "4", "bo": "4", "cy": "3"}  # of 7, the written answers to be marked again


def test_late_work_loses_what_the_course_says(usual):
    config = usual / "nbgrader_config.py"
    with config.open("a") as file:
        file.write("\nc.LateSubmissionPlugin.penalty_method = 'zero'\n")
    classroom.nbgrader(usual, "db", "assignment", "add", ASSIGNMENT, "--duedate=2026-01-31 12:00:00 UTC")
    for student, time in {"ada": "2026-01-31 11:59:00 UTC", "bo": "2026-02-01 13:00:05 UTC"}.items():
        submitted(usual, student).with_name("timestamp.txt").write_text(time)
    classroom.grade(usual)
    assert scores(usual) == {"ada": "4", "bo": "0", "cy": "3"}
    assert "late by 1 day, 1:00:05" in remarks(usual)["bo"]
    classroom.nbgrader(usual, "db", "assignment", "add", ASSIGNMENT, "--duedate=2026-03-01 12:00:00 UTC")
    classroom.grade(usual)
    assert scores(usual) == {"ada": "4", "bo": "4", "cy": "3"}


def command(course: Path) -> list[str]:
    return [sys.executable, "-m", "lmkit.grading", ASSIGNMENT, "--course", str(course), "--jobs", "2"]


def variables(course: Path) -> dict[str, str]:
    scratch = course.with_name(course.name + "-scratch")
    scratch.mkdir(exist_ok=True)
    return classroom.environment() | {"TMPDIR": str(scratch)}


def test_a_killed_run_leaves_nothing_and_the_next_one_goes_on(usual):
    for number in range(6):
        place(usual, f"extra{number}")
    first = subprocess.Popen(
        command(usual), env=variables(usual), stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with first:
        for line in first.stderr:
            if "2 of 6" in line:
                break
        family = psutil.Process(first.pid).children(recursive=True)
        os.kill(first.pid, signal.SIGKILL)
    gone, alive = psutil.wait_procs(family, timeout=60)
    assert gone
    assert not alive
    assert not list(usual.with_name(usual.name + "-scratch").iterdir())
    done = times(usual)
    second = classroom.grade(usual)
    assert second.returncode == 0, second.stderr
    total = int(second.stderr.split("submissions")[0].split(" of ")[1])
    assert 1 <= total <= 4
    after = times(usual)
    finished = [path for path in done if after[path] == done[path] and "extra" in path]
    assert len(finished) >= 4  # two notebooks and two pages
    assert [scores(usual)[f"extra{number}"] for number in range(6)] == ["4"] * 6


def test_two_runs_wait_for_each_other(usual):
    for number in range(6):
        shutil.rmtree(usual / "submitted" / f"extra{number}")
    place(usual, "ada", mean="def mean(numbers):\n    return 0")
    both = [
        subprocess.Popen(
            command(usual), env=variables(usual), stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    said = [process.communicate() for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert sum("This one waits until it has ended" in errors for _, errors in said) == 1
    assert sum("1 of 1 submissions" in errors for _, errors in said) == 1  # it ran once
    assert scores(usual)["ada"] == "2"


def test_a_record_that_cannot_be_read_is_an_empty_one(tmp_path):
    (tmp_path / "record.json").write_text("{")
    assert Record.load(tmp_path) == Record()


def test_a_broken_zip_stops_no_other(usual):
    archive = usual / "downloaded" / ASSIGNMENT / "archive"
    archive.mkdir(parents=True)
    (archive / "broken.zip").write_bytes(b"PK\x03\x04 and no more")
    with zipfile.ZipFile(archive / "dee.zip", "w") as content:
        content.write(submitted(usual, "cy"), f"{ASSIGNMENT}.ipynb")
    classroom.nbgrader(usual, "zip_collect", ASSIGNMENT)
    assert submitted(usual, "dee").exists()
    assert (usual / "submitted" / "broken" / ASSIGNMENT / "broken.zip").exists()
