"""Releasing again never loses what a student wrote."""

import shutil
import subprocess
import sys
from datetime import datetime

import pytest

from lmkit.grading.keeping import free_name, replace_file
from tests.grading import classroom
from tests.grading.classroom import ASSIGNMENT


def release_all(course, *arguments):
    command = [sys.executable, "-m", "lmkit.grading.release", "--course", str(course), *arguments]
    return subprocess.run(command, env=classroom.environment(), capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return classroom.make_course(tmp_path_factory.mktemp("course"))


@pytest.fixture
def course(made, tmp_path):
    return shutil.copytree(made, tmp_path / "course")


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_students_work_is_kept_beside_the_new_release(course):
    folder = course / "exercises" / ASSIGNMENT
    notebook = folder / f"{ASSIGNMENT}.ipynb"
    blank = notebook.read_bytes()
    answered = blank.replace(b"YOUR CODE HERE", b"my own answer")
    notebook.write_bytes(answered)
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    gradebook = (course / "gradebook.db").read_bytes()

    done = release_all(course)

    assert done.returncode == 0, done.stderr
    after = contents(folder)
    (kept,) = after.keys() - {notebook.name, "notes.txt"}
    assert after == {notebook.name: blank, "notes.txt": b"mine", kept: answered}
    assert done.stdout.startswith(f"exercises/{ASSIGNMENT}/{kept}: ")
    assert (course / "gradebook.db").read_bytes() == gradebook


def test_a_release_that_would_be_the_same_is_not_touched(course):
    notebook = course / "exercises" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    before = notebook.stat()
    done = release_all(course)
    assert (done.returncode, done.stdout) == (0, "")
    after = notebook.stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert len(contents(notebook.parent)) == 1


def test_a_source_that_cannot_be_released_changes_nothing(course):
    (course / "solutions" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb").write_text("{", encoding="utf-8")
    folder = course / "exercises" / ASSIGNMENT
    before = contents(folder)
    done = release_all(course)
    assert done.returncode == 1
    assert done.stderr.startswith(f"{ASSIGNMENT} cannot be released: ")
    assert contents(folder) == before


def test_a_variant_is_kept_until_another_is_chosen(course):
    notebook = course / "exercises" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    public = notebook.read_bytes()
    listed = f"[[{ASSIGNMENT}.count]]\n\"'a', 'a b a') == 2\" = \"'b', 'b b') == 2\""
    (course / "solutions" / "variants.toml").write_text(listed, encoding="utf-8")
    assert release_all(course, "--variant", "3").returncode == 0
    assert b"count('b', 'b b') == 2" in notebook.read_bytes()
    assert release_all(course).stdout == ""
    assert b"count('b', 'b b') == 2" in notebook.read_bytes()
    assert release_all(course, "--variant", "0").returncode == 0
    assert notebook.read_bytes() == public


def test_a_first_release_needs_no_folder(course):
    before = contents(course / "exercises" / ASSIGNMENT)
    shutil.rmtree(course / "exercises")
    assert release_all(course).returncode == 0
    assert contents(course / "exercises" / ASSIGNMENT) == before


def test_files_kept_in_the_same_second_have_names_of_their_own(tmp_path):
    path, now = tmp_path / "a.ipynb", datetime(2026, 11, 28, 9, 45)
    names = []
    for _ in range(3):
        free_name(path, now).touch()
        names = sorted(file.name for file in tmp_path.iterdir())
    assert names == ["a-kept-20261128-094500-2.ipynb", "a-kept-20261128-094500-3.ipynb", "a-kept-20261128-094500.ipynb"]


def test_every_version_is_kept(tmp_path):
    path = tmp_path / "a.txt"
    for text in ("1", "2", "2", "3"):
        (tmp_path / "new").write_text(text, encoding="utf-8")
        replace_file(tmp_path / "new", path)
        assert path.read_text(encoding="utf-8") == text
    assert sorted(file.read_text(encoding="utf-8") for file in tmp_path.iterdir()) == ["1", "2", "3"]
