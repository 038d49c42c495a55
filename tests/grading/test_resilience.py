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
