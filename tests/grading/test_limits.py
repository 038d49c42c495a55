"""Limits that a notebook as a whole has: memory of all its processes, all its files, all its time."""

import os
import re
import subprocess
import sys

import psutil
import pytest

from lmkit.grading.execute import excess, memory
from lmkit.grading.sandbox import sandbox_problem
from tests.grading import classroom

LIMITS = """
c.SandboxedExecute.max_memory_gib = 0.7
c.SandboxedExecute.max_disk_gib = 0.02
c.SandboxedExecute.notebook_timeout = 30
"""
CROWD = """import subprocess, sys, time
HOLD = "import time; held = b'x' * (300 * 2**20); time.sleep(60)"
children = [subprocess.Popen([sys.executable, "-c", HOLD]) for _ in range(3)]  # each alone stays below the limit
time.sleep(60)"""
WRITER = """import time
for number in range(3):
    with open(f"{number}.bin", "wb") as file:
        file.write(bytes(10 * 2**20))  # each alone stays below the limit
time.sleep(60)"""
SLOW = "import time\ntime.sleep(60)"


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """The lines of the report, by student."""
    if sandbox_problem():
        pytest.skip(sandbox_problem())
    course = classroom.make_course(tmp_path_factory.mktemp("course"), timeout=60)
    with (course / "nbgrader_config.py").open("a", encoding="utf-8") as config:
        config.write(LIMITS)
    students = {
        "crowd": lambda notebook: classroom.answered(notebook, mean=CROWD),
        "honest": classroom.answered,
        "slow": lambda notebook: classroom.answered(notebook, mean=SLOW),
        "writer": lambda notebook: classroom.answered(notebook, mean=WRITER),
    }
    classroom.hand_in(course, students)
    ended = classroom.grade(course)
    lines = {line.split()[0]: line for line in ended.stdout.splitlines() if line.split()}
    assert lines.keys() >= students.keys(), ended.stderr
    return lines


def test_who_stays_within_the_limits_is_graded(told):
    assert re.match(r"honest +4 / 7", told["honest"])


def test_the_memory_of_all_processes_counts(told):
    assert "not graded" in told["crowd"]
    assert "the kernel died in cell mean: the notebook took more than 0.7 GiB of memory" in told["crowd"]


def test_the_size_of_all_files_counts(told):
    assert "not graded" in told["writer"]
    assert "the kernel died in cell mean: the notebook took more than 0.02 GiB of files" in told["writer"]


def test_after_the_time_is_used_up_no_test_runs(told):
    assert re.match(r"slow +2 / 7", told["slow"])  # what ran before keeps its points


def test_the_memory_of_children_is_added(tmp_path):
    alone = memory([psutil.Process()], "pss") / 2**30  # which other processes of the tests share in part
    hold = "held = b'x' * (200 * 2**20); print('holds', flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", hold], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout.readline() == "holds\n"
        told = excess(os.getpid(), tmp_path, round(alone + 0.1, 3), 1)
        child.communicate("\n")
    assert told == f"the notebook took more than {round(alone + 0.1, 3):g} GiB of memory"
    assert excess(os.getpid(), tmp_path, alone + 0.1, 1) is None


def test_the_size_of_nested_files_is_added(tmp_path):
    pid = os.getpid()
    (tmp_path / "inner").mkdir()
    for name in ("a", "inner/b"):
        (tmp_path / name).write_bytes(bytes(2**20))
    assert excess(pid, tmp_path, 1000, 1.5 / 2**10) == "the notebook took more than 0.00146484 GiB of files"
    assert excess(pid, tmp_path, 1000, 3 / 2**10) is None


def test_what_has_ended_takes_nothing(tmp_path):
    with subprocess.Popen([sys.executable, "-c", ""]) as child:
        child.wait()
    assert excess(child.pid, tmp_path / "gone", 0, 0) is None
