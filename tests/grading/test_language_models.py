"""The book's first assignment through `make grade`'s command."""

import copy
import json
import re
import shutil
import subprocess
import sys

from tests.exercises.assignments import ROOT, fill_in, read_notebook, tasks
from tests.grading.classroom import environment

NAME = "language_models"


def test_the_solution_the_blank_and_a_wrong_answer_get_their_scores(tmp_path):
    shutil.copy(ROOT / "nbgrader_config.py", tmp_path)
    shutil.copytree(ROOT / "solutions" / NAME, tmp_path / "solutions" / NAME)
    solution, blank = read_notebook("solutions", NAME), read_notebook("exercises", NAME)
    wrong = copy.deepcopy(solution)
    task = tasks(NAME)[0]
    fill_in(wrong, {task.name: task.answers(correct=False)[0].source})
    for student, notebook in {"solution": solution, "blank": blank, "wrong": wrong}.items():
        folder = tmp_path / "submitted" / student / NAME
        folder.mkdir(parents=True)
        (folder / f"{NAME}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    command = [sys.executable, "-m", "lmkit.grading", NAME, "--course", str(tmp_path), "--jobs", "2"]
    ended = subprocess.run(command, env=environment(), capture_output=True, text=True, check=False)
    rows = re.findall(r"^(\w+) +([\d.]+) / ([\d.]+)  (.*)$", ended.stdout, re.MULTILINE)
    scores = {student: float(score) for student, score, _, _ in rows}
    by_hand = sum(
        cell.metadata.nbgrader.points for cell in solution.cells if cell.metadata.get("nbgrader", {}).get("task")
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert scores["solution"] == float(rows[0][2]) - by_hand
    assert scores["blank"] == 0
    assert 0 < scores["wrong"] < scores["solution"]
