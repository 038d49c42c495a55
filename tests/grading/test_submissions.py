import os

import pytest

from lmkit.grading import submission_problem
from lmkit.grading.submissions import MAX_MEGABYTES, lay_out, name_problem

GOOD = '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'


def problem(folder):
    return submission_problem(folder, ["a.ipynb"])


def test_a_notebook_is_accepted_beside_other_files(tmp_path):
    (tmp_path / "a.ipynb").write_text(GOOD)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "words.txt").write_text("a b")
    assert problem(tmp_path) is None


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "a.ipynb is not valid JSON (line 1)"),
        (b'{"cells":\n[\n', "a.ipynb is not valid JSON (line 3)"),
        (b"\xff\xfe", "a.ipynb is not UTF-8 text"),
        (b"[" * 100_000, "a.ipynb is nested too deeply"),
        (b"[]", "a.ipynb is not a notebook of format 4"),
        (b'{"cells": [3]}', "a.ipynb is not a notebook of format 4"),
        (b'{"cells": [], "n": ' + b"9" * 5000 + b"}", "a.ipynb contains a number of more than 4,300 digits"),
        (b'{"worksheets": []}', "a.ipynb is not a notebook of format 4"),
    ],
)
def test_a_file_that_is_no_notebook_is_named(content, reason, tmp_path):
    (tmp_path / "a.ipynb").write_bytes(content)
    assert problem(tmp_path) == reason


def test_a_missing_or_renamed_notebook_is_named(tmp_path):
    assert problem(tmp_path) == "a.ipynb is missing"
    (tmp_path / "a (1).ipynb").write_text(GOOD)
    assert problem(tmp_path) is None
    (tmp_path / "a (2).ipynb").write_text(GOOD)
    assert problem(tmp_path) == "a.ipynb is missing; there are 2 others, such as a (1).ipynb"


def test_a_single_notebook_of_another_name_and_a_time_that_is_none_are_put_right(tmp_path):
    (tmp_path / "in" / "work").mkdir(parents=True)
    (tmp_path / "in" / "work" / "a (1).ipynb").write_text(GOOD)
    (tmp_path / "in" / "timestamp.txt").mkdir()
    assert lay_out(tmp_path / "in", tmp_path / "out", ["a.ipynb"]) == [
        "a (1).ipynb was taken for a.ipynb",
        "timestamp.txt is not a date and time: whether this is late is not known",
    ]
    assert (tmp_path / "out" / "a.ipynb").read_text() == GOOD
    assert not (tmp_path / "out" / "timestamp.txt").exists()


@pytest.mark.parametrize("text", ["2026-01-31 12:00 UTC", "", "2026-01-31T12:00:00+01:00"])
def test_a_time_is_handed_on(text, tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.ipynb").write_text(GOOD)
    (tmp_path / "in" / "timestamp.txt").write_text(text)
    assert lay_out(tmp_path / "in", tmp_path / "out", ["a.ipynb"]) == []
    assert (tmp_path / "out" / "timestamp.txt").read_text() == text


@pytest.mark.parametrize("name", ["s*", "[s]01", "a?", "ada\udcff", " ada", "a\nb", "a" * 129])
def test_names_that_nbgrader_cannot_take_are_named(name):
    assert name_problem(name).startswith("the folder's name ")


@pytest.mark.parametrize("name", ["Lovelace, Ada; X", "12345", "李雷", "o'brien+1@example.org", "{student_id}", "-x"])
def test_other_names_can_be_graded(name):
    assert name_problem(name) is None


def test_links_and_pipes_are_refused(tmp_path):
    (tmp_path / "a.ipynb").write_text(GOOD)
    (tmp_path / "z.txt").symlink_to("/etc/passwd")
    assert problem(tmp_path) == "z.txt is neither a file nor a folder"
    (tmp_path / "z.txt").unlink()
    (tmp_path / "a.ipynb").unlink()
    os.mkfifo(tmp_path / "a.ipynb")  # reading it would wait for ever
    assert problem(tmp_path) == "a.ipynb is neither a file nor a folder"


def test_a_huge_submission_is_refused_unread(tmp_path):
    (tmp_path / "a.ipynb").write_text(GOOD)
    os.truncate(tmp_path / "a.ipynb", (MAX_MEGABYTES + 1) * 10**6)
    assert problem(tmp_path) == f"larger than {MAX_MEGABYTES} MB"
