"""The feedback shows a run that no hidden test reaches, and each test meets the notebook as it was where it stands."""

import re
import subprocess
import sys

import psutil
import pytest

from lmkit.grading.execute import memory
from lmkit.grading.sandbox import sandbox_problem
from tests.grading import classroom
from tests.grading.classroom import COUNT, SECRET, cell, feedback, graded

# The arguments of hidden tests, as they are printed below: what must not be on the page.
OF_HIDDEN_TESTS = ("x y y y", "[5, 6, 10]")
REMEMBER = """
import os, subprocess, sys, threading, time
FOLDERS = (".", "/tmp", "/dev/shm", os.path.expanduser("~"))
kept = []
def remember(*arguments):
    kept.append(repr(arguments))
    for folder in FOLDERS:
        with open(f"{folder}/kept-{os.getpid()}", "a") as file:
            file.write(repr(arguments) + "\\n")
    tell()
def tell():
    for folder in FOLDERS:
        for name in os.listdir(folder):
            if name.startswith(("kept", "watched")):
                print(open(f"{folder}/{name}").read(), file=sys.__stdout__)
                print(open(f"{folder}/{name}").read())
    print("TOLD", kept)
    os.system("cat /tmp/kept-* /tmp/watched")
def watch():  # a thread of the kernel's, which sees the whole time what the copies leave in files
    while True:
        time.sleep(0.2)
        tell()
WATCH = "while true; do cat /tmp/kept-* | tee /tmp/watched; sleep 0.1; done"
subprocess.Popen(["sh", "-c", WATCH], start_new_session=True)
threading.Thread(target=watch, daemon=True).start()
get_ipython().events.register("post_run_cell", lambda result: tell())
os.register_at_fork(after_in_child=tell)
import atexit
atexit.register(tell)
"""
FORK = COUNT.replace("return", "import os\n    os.fork()\n    return")
ASKED = "asked = []\n" + COUNT.replace("return", "asked.append(text)\n    return")
THREADS = """
import torch
torch.set_num_threads(4)
def work():
    weight = torch.randn(512, 512, requires_grad=True)
    (torch.randn(2048, 512) @ weight).softmax(-1).square().sum().backward()
work()
"""
HANG = COUNT.replace("return", "while text == 'x y y y':\n        try: pass\n        except: pass\n    return")
GONE = """
import os, threading, time
def leave():
    while not os.path.exists("/tmp/asked"):
        time.sleep(0.1)
    os._exit(0)
threading.Thread(target=leave, daemon=True).start()
def count(word, text):
    if text == "x y y y":
        open("/tmp/asked", "w").close()
        time.sleep(5)
    return text.split().count(word)
"""
ANSWERS = {
    "honest": {},
    "changes": {"count": COUNT, "mean": "def count(word, text):\n    return -1\n" + classroom.MEAN},
    "dies": {"count": COUNT.replace("return", "import os\n    text == 'x y y y' and os._exit(1)\n    return")},
    "forks": {"count": FORK},
    "hangs": {"count": HANG},
    "no_fork": {"count": "import os\nos.fork = lambda: 1\n" + COUNT},
    "other_fork": {"count": "import os\nos.fork = lambda: 0\n" + COUNT},
    "raises_in_fork": {"count": "import os\ndef fork():\n    raise OSError\nos.fork = fork\n" + COUNT},
    "remembers": {
        "count": REMEMBER + COUNT.replace("return", "remember(word, text)\n    return"),
        "mean": "tell()\n" + classroom.MEAN.replace("return", "remember(numbers)\n    return"),
    },
    "asked": {"count": ASKED, "mean": classroom.MEAN.replace("return", "return -1 if 'x y y y' in asked else")},
    "gone": {"count": GONE},
    "threads": {"mean": THREADS + classroom.MEAN.replace("return", "work()\n    return")},
}


@pytest.fixture(scope="module")
def snapshots(tmp_path_factory):
    """A class whose answers behave differently in copies of their kernels, graded: the course, and a line for each."""
    if problem := sandbox_problem():
        pytest.skip(f"no sandbox: {problem}")
    course = classroom.make_course(tmp_path_factory.mktemp("course"), timeout=12)
    classroom.hand_in_answers(course, ANSWERS)
    ended = classroom.grade(course)
    lines = re.findall(r"^(\w+) +(not graded|[\d.]+ / 7)(?:  (.*))?$", ended.stdout, re.M)
    assert {student for student, _, _ in lines} == ANSWERS.keys(), ended.stdout + ended.stderr
    return course, {student: (score, remark) for student, score, remark in lines}


def error_in(course, student, grade_id):
    """The class of the error that a test ended in, or nothing."""
    outputs = cell(graded(course, student), grade_id).outputs
    return next((output.ename for output in outputs if output.output_type == "error"), None)


@pytest.mark.parametrize("text", [*OF_HIDDEN_TESTS, SECRET])
def test_what_remembers_all_that_it_is_given_can_show_nothing_of_a_hidden_test(text, snapshots):
    course, results = snapshots
    page = feedback(course, "remembers")
    assert results["remembers"][0] == "4 / 7"
    assert "TOLD" in page
    assert "a b a" in page  # what visible tests ask is shown
    assert text not in page
    for record in (course / ".grading" / classroom.ASSIGNMENT / "remembers").glob("*.visible.json"):
        assert text not in record.read_text(encoding="utf-8")


def test_the_hidden_tests_were_asked_and_what_was_printed_then_is_nowhere(snapshots):
    course, results = snapshots
    assert results["honest"][0] == "4 / 7"
    for grade_id in ("count_visible", "count_hidden", "mean_tests"):
        assert cell(graded(course, "remembers"), grade_id).source == classroom.CELLS[grade_id]
        shown = [output.text for output in cell(graded(course, "remembers"), grade_id).outputs if "text" in output]
        assert not [text for text in OF_HIDDEN_TESTS if text in "".join(shown)]


def test_a_test_meets_the_answer_as_it_was_where_the_test_stands(snapshots):
    _, results = snapshots
    assert results["changes"][0] == "4 / 7"


def test_a_copy_that_dies_costs_its_own_test_alone(snapshots):
    course, results = snapshots
    assert results["dies"][0] == "3 / 7"
    assert error_in(course, "dies", "count_hidden") == "TamperingError"
    assert error_in(course, "dies", "count_visible") is None


def test_a_copy_that_does_not_stop_is_stopped_and_the_rest_is_graded(snapshots):
    course, results = snapshots
    assert results["hangs"][0] == "3 / 7"
    assert error_in(course, "hangs", "count_hidden") == "CellTimeoutError"
    assert error_in(course, "hangs", "mean_tests") is None


def test_who_computes_with_several_threads_is_no_worse_off(snapshots):
    _, results = snapshots
    assert results["threads"][0] == "4 / 7"


def test_no_test_meets_what_a_hidden_one_before_it_has_left_in_memory(snapshots):
    _, results = snapshots
    assert results["asked"][0] == "4 / 7"


def test_a_kernel_that_ends_before_its_copies_are_asked_is_named(snapshots):
    _, results = snapshots
    assert results["gone"] == ("not graded", "the kernel died in cell count_hidden")


@pytest.mark.parametrize("student", ["no_fork", "raises_in_fork"])
def test_who_cannot_fork_loses_its_own_marks(student, snapshots):
    course, results = snapshots
    assert results[student][0] == "0 / 7"
    assert error_in(course, student, "mean_tests") == "TamperingError"


def test_a_kernel_that_takes_itself_for_its_copy_is_stopped(snapshots):
    _, results = snapshots
    assert results["other_fork"] == (
        "not graded",
        "timed out in cell count_visible and could not be interrupted",
    )


def test_no_copy_is_left(snapshots):
    course, _ = snapshots
    scratch = course.with_name(course.name + "-scratch")
    assert not list(scratch.iterdir())
    running = [process.info["cmdline"] or [] for process in psutil.process_iter(["cmdline"])]
    assert not [command for command in running if any(str(scratch) in argument for argument in command)]


def test_the_record_is_what_a_run_without_hidden_tests_gives(snapshots):
    course, _ = snapshots
    record = course / ".grading" / classroom.ASSIGNMENT / "honest" / f"{classroom.ASSIGNMENT}.visible.json"
    before = record.read_text(encoding="utf-8")
    record.unlink()
    classroom.nbgrader(course, "generate_feedback", classroom.ASSIGNMENT, "--student", "honest", "--force")
    assert record.read_text(encoding="utf-8") == before


def test_without_a_sandbox_the_feedback_has_a_run_of_its_own(tmp_path):
    course = classroom.make_course(tmp_path / "course")
    classroom.hand_in(course, {"honest": classroom.answered})
    command = [sys.executable, "-m", "lmkit.grading", classroom.ASSIGNMENT, "--course", str(course), "--unsafe"]
    environment = classroom.environment() | {"PATH": str(tmp_path)}  # no bubblewrap
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert re.search(r"^honest +4 / 7", ended.stdout, re.M), ended.stdout + ended.stderr
    assert SECRET not in feedback(course, "honest")


def test_memory_that_is_shared_counts_once():
    share = "import os; held = b'x' * (100 * 2**20); child = os.fork(); print(child, flush=True); input()"
    with psutil.Popen([sys.executable, "-c", share], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as parent:
        assert parent.stdout.readline()
        assert parent.stdout.readline()
        both = [parent, *parent.children()]
        assert memory(both, "rss") > 200 * 2**20
        assert memory(both, "pss") < 150 * 2**20
        parent.communicate(b"\n\n")
    assert memory(both, "pss") == 0
