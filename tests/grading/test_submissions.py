import os

import pytest

from lmkit.grading import submission_problem
from lmkit.grading.submissions import MAX_MEGABYTES

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
        (b'{"worksheets": []}', "a.ipynb is not a notebook of format 4"),
    ],
)
def test_a_file_that_is_no_notebook_is_named(content, reason, tmp_path):
    (tmp_path / "a.ipynb").write_bytes(content)
    assert problem(tmp_path) == reason


def test_a_missing_or_renamed_notebook_is_named(tmp_path):
    assert problem(tmp_path) == "a.ipynb is missing"
    (tmp_path / "a (1).ipynb").write_text(GOOD)
    assert problem(tmp_path) == "notebook is named a (1).ipynb, expected a.ipynb"


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
