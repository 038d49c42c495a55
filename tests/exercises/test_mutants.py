"""The tests of each task notice every small change to its solution that makes a difference."""

import time
import tomllib

import pytest

from tests.exercises.assignments import ROOT, assignment_names, solution, tasks
from tests.exercises.mutants import equivalent, loses_marks, mutants

TASKS = [pytest.param(task, id=task.id) for assignment in assignment_names() for task in tasks(assignment)]


@pytest.mark.parametrize("task", TASKS)
def test_every_mutant_loses_marks_or_is_explained(task, record_property):
    started = time.process_time()
    assert not loses_marks(task, solution(task))
    endless = max(1.0, 5 * (time.process_time() - started))
    made, explained = mutants(solution(task)), equivalent(task)
    seconds = dict.fromkeys(explained, 60.0)  # they may be slow, but they end
    survivors = {
        mutant.change for mutant in made if not loses_marks(task, mutant.source, seconds.get(mutant.change, endless))
    }
    record_property("exercise_mutants", [task.assignment, len(made), len(survivors), len(explained)])
    assert sorted(survivors - explained.keys()) == [], "no test notices these changes"
    assert sorted(explained.keys() - survivors) == [], "these changes are said to make no difference, and lose marks"


def test_changes_of_every_kind():
    source = '''
def f(x, start=0):
    """Return nothing of use."""
    total = -x.sum(dim=1) @ math.sqrt(2)
    while not total < 3 and total[1:]:
        total = max(total, x) if start else (x, 4.5)
    return [y for y in total if y]
'''
    changes = [mutant.change for mutant in mutants(source)]
    assert len(set(changes)) == len(changes)
    assert {
        "total = x.sum(dim=1) @ math.sqrt(2)",
        "total = -x.mean(dim=1) @ math.sqrt(2)",
        "total = -x.sum(dim=0) @ math.sqrt(2)",
        "total = -x.sum() @ math.sqrt(2)",
        "total = -x @ math.sqrt(2)",
        "total = -x.sum(dim=1)",
        "total = -x.sum(dim=1) @ 2",
        "total = -x.sum(dim=1) @ math.exp(2)",
        "total = math.sqrt(2) @ -x.sum(dim=1)",
        "without: total = -x.sum(dim=1) @ math.sqrt(2)",
        "while not (not total < 3 and total[1:]):",
        "while total < 3 and total[1:]:",
        "while not total <= 3 and total[1:]:",
        "while not total < 3 or total[1:]:",
        "while not total < 3 and total[:]:",
        "while not total < 3 and total[2:]:",
        "without: while not total < 3 and total[1:]:",
        "total = min(total, x) if start else (x, 4.5)",
        "total = max(x, total) if start else (x, 4.5)",
        "total = max(total, x) if not start else (x, 4.5)",
        "total = max(total, x) if start else (4.5, x)",
        "total = max(total, x) if start else (x, 5.5)",
        "return [y for y in total]",
        "without: return [y for y in total if y]",
    } <= set(changes)
    assert not any("start=1" in mutant.source or '"""' not in mutant.source for mutant in mutants(source))


def test_an_endless_loop_is_cut_off():
    task = tasks("language_models")[0]
    assert loses_marks(task, "def count_ngrams(tokens, n):\n    while True:\n        pass", seconds=1.0)


def test_a_mutant_stands_the_graders_trials():
    """Only they call a function by name."""
    task = tasks("language_models")[0]
    assert loses_marks(task, solution(task).replace("(tokens, n)", "(tokens, n, /)"))


def test_a_warning_costs_nothing():
    task = tasks("language_models")[0]
    assert not loses_marks(task, solution(task).replace("return", "import warnings; warnings.warn('careful'); return"))


def test_every_explanation_belongs_to_a_task():
    for path in (ROOT / "tests/exercises").glob("*/equivalent_mutants.toml"):
        explained = tomllib.loads(path.read_text(encoding="utf-8"))
        assert explained.keys() <= {task.name for task in tasks(path.parent.name)}
        assert all(reason for reasons in explained.values() for reason in reasons.values())
