"""A class of 200 submissions made from the answers on file, graded in one run that is killed half-way and resumed.

``python -m benchmarks.grading`` prints submissions per minute, the largest memory of all of the grader's processes
together, and whether every score is the one expected. ``--peer 40`` times plain ``nbgrader autograde`` on as many.
"""

import csv
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
import tyro

from lmkit.grading.execute import memory
from tests.grading.answers import make_class


def grade(course: Path, assignment: str, kill_after: int | None = None) -> tuple[float, int]:
    """Grade a course, or begin to.

    Args:
        course: Its folder.
        assignment: Its assignment.
        kill_after: Submissions after which the run is killed.

    Returns:
        Seconds and the largest memory in bytes.
    """
    command = [sys.executable, "-m", "lmkit.grading", assignment, "--course", str(course), "--jobs", "2"]
    started = looked = time.monotonic()
    largest = 0
    with psutil.Popen(command, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            if time.monotonic() - looked > 10:  # it takes a third of a second
                looked = time.monotonic()
                largest = max(largest, memory([process, *process.children(recursive=True)], "pss"))
            finished = len(list(course.glob(f"feedback/*/{assignment}/*.html")))
            if kill_after is not None and finished >= kill_after:
                process.send_signal(signal.SIGKILL)
                kill_after = None
            time.sleep(1)
    return time.monotonic() - started, largest


def main(assignment: str = "language_models", students: int = 200, peer: int = 0) -> int:
    """Grade a class and compare its scores with those expected.

    Args:
        assignment: Name of the assignment.
        students: Size of the class.
        peer: Submissions to grade with plain nbgrader as well.

    Returns:
        Exit status: 0 if all scores are as expected.
    """
    folder = Path(tempfile.mkdtemp(prefix="class-"))
    expected = make_class(folder / "course", assignment, students)
    first, memory_before = grade(folder / "course", assignment, kill_after=students // 2)
    done = len(list((folder / "course").glob(f"feedback/*/{assignment}/*.html")))
    print(f"killed after {first:.0f} s and {done} submissions", flush=True)
    second, memory_after = grade(folder / "course", assignment)
    with (folder / "course" / "grades.csv").open(newline="", encoding="utf-8") as file:
        scores = {row["student_id"]: float(row[assignment] or "nan") for row in csv.DictReader(file)}
    wrong = {
        student: (scores.get(student), score) for student, score in expected.items() if scores.get(student) != score
    }
    rate = 60 * students / (first + second)
    largest = max(memory_before, memory_after) / 2**30
    print(f"{students} submissions in {first + second:.0f} s: {rate:.1f} a minute, at most {largest:.2f} GiB")
    print(f"{len(wrong)} scores differ from the ones expected {wrong or ''}", flush=True)
    again, _ = grade(folder / "course", assignment)
    print(f"once more, with nothing changed: {again:.0f} s", flush=True)
    if peer:
        make_class(folder / "peer", assignment, peer, plain=True)
        started = time.monotonic()
        command = [sys.executable, "-m", "nbgrader", "autograde", assignment]
        subprocess.run(command, cwd=folder / "peer", check=True, capture_output=True)
        print(f"nbgrader autograde: {60 * peer / (time.monotonic() - started):.1f} a minute")
    shutil.rmtree(folder)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(tyro.cli(main))
