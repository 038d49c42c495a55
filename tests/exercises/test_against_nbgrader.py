"""nbgrader itself, in a course of its own: the release is reproducible, and its scores equal those of `grading.py`."""

import copy
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

from tests.exercises.assignments import ROOT, assignment_names, fill_in, read_notebook, solution, tasks
from tests.exercises.grading import grade


def run(*command: str, folder: Path) -> None:
    """Run a Python module with the environment's own programs first on the path; fail with its output."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=folder, env={**os.environ, "PATH": path}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module", params=assignment_names())
def course(request, tmp_path_factory) -> tuple[str, Path]:
    """Make a course with one assignment, released."""
    folder = tmp_path_factory.mktemp("course")
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    shutil.copytree(ROOT / "solutions" / request.param, folder / "solutions" / request.param)
    run("nbgrader", "generate_assignment", request.param, folder=folder)
    return request.param, folder


def test_regenerating_changes_nothing(course):
    assignment, folder = course
    committed, made = ROOT / "exercises" / assignment, folder / "exercises" / assignment
    names = sorted(path.relative_to(made) for path in made.rglob("*") if path.is_file())
    present = [path for path in committed.rglob("*") if path.is_file() and "-kept-" not in path.name]
    assert names == sorted(path.relative_to(committed) for path in present)
    for name in names:
        assert (made / name).read_bytes() == (committed / name).read_bytes(), f"{name}: run `make exercises`"


def test_scores_equal_nbgraders(course):
    """Blank, the solution, and three mixtures of correct and wrong answers."""
    assignment, folder = course
    students = {"blank": {}, "solution": {task.name: solution(task) for task in tasks(assignment)}}
    for number in (2, 6, 9):
        students[f"mixture{number}"] = {
            task.name: answers[number % len(answers)].source
            for task in tasks(assignment)
            if (answers := task.answers(correct=True) + task.answers(correct=False))
        }
    for student, answers in students.items():
        notebook = copy.deepcopy(read_notebook("exercises", assignment))
        fill_in(notebook, answers)
        path = folder / "submitted" / student / assignment / f"{assignment}.ipynb"
        path.parent.mkdir(parents=True)
        nbformat.write(notebook, path)
    run("nbgrader", "autograde", assignment, folder=folder)
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as gradebook:
        for student, answers in students.items():
            submission = gradebook.find_submission_notebook(assignment, assignment, student)
            theirs = {score.name: score.auto_score for score in submission.grades if score.cell.cell_type == "code"}
            ours = {test_id: result.score for test_id, result in grade(assignment, answers).items()}
            assert ours == theirs, student


@pytest.mark.parametrize("assignment", assignment_names())
def test_the_solution_runs_under_nbval(assignment, tmp_path):
    notebook = ROOT / "solutions" / assignment / f"{assignment}.ipynb"
    options = ["--nbval-lax", "--nbval-cell-timeout=60", "-p", "no:cacheprovider", "-c", os.devnull]
    run("pytest", *options, "--rootdir", str(tmp_path), str(notebook), folder=tmp_path)
