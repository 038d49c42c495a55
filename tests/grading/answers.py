"""A class made from the answers on file, with the scores that it must get."""

import copy
import random
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat

from tests.exercises.assignments import ROOT, fill_in, read_notebook, tasks
from tests.exercises.grading import grade
from tests.grading.classroom import environment

PLAIN = """c = get_config()
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "exercises"
"""


def make_class(
    course: Path, assignment: str, num_students: int, seed: int = 0, plain: bool = False
) -> dict[str, float]:
    """Lay out a course in which each student has one of the answers on file for each task, or none.

    The score for a task does not depend on other tasks, so it is found once for each answer.

    Args:
        course: A folder to make.
        assignment: The assignment's name.
        num_students: Size of the class.
        seed: Decides who answers what.
        plain: Configure nbgrader without our settings.

    Returns:
        The expected score of each student; empty if plain.
    """
    shutil.copytree(ROOT / "solutions" / assignment, course / "solutions" / assignment)
    if plain:
        (course / "nbgrader_config.py").write_text(PLAIN, encoding="utf-8")
    else:
        shutil.copy(ROOT / "nbgrader_config.py", course)
        shutil.copytree(ROOT / "tests" / "exercises" / assignment, course / "tests" / "exercises" / assignment)
    command = [sys.executable, "-m", "nbgrader", "generate_assignment", assignment]
    subprocess.run(command, cwd=course, env=environment(), capture_output=True, check=True)
    choose = random.Random(seed)
    worth: dict[tuple[str, str], float] = {}
    expected = {}
    for number in range(num_students):
        student, answers, score = f"student{number:03}", {}, 0.0
        for task in tasks(assignment):
            correct = choose.random() < 0.5
            answer = choose.choice(task.answers(correct=correct))
            answers[task.name] = answer.source
            key = (task.name, answer.path.name)
            if not plain and key not in worth:
                grades = grade(assignment, {task.name: answer.source})
                worth[key] = sum(grades[test].score for test in task.test_ids)
            score += worth.get(key, 0.0)
        notebook = copy.deepcopy(read_notebook("exercises", assignment))
        fill_in(notebook, answers)
        path = course / "submitted" / student / assignment / f"{assignment}.ipynb"
        path.parent.mkdir(parents=True)
        nbformat.write(notebook, path)
        if not plain:
            expected[student] = score
    return expected
