"""Another variant changes what is hidden and what is shown, and is as fair as the one in the repository."""

import re

import pytest

from lmkit.grading.variants import HIDDEN, SEED, course_variant, listed_changes, vary
from tests.exercises.assignments import ROOT, assignment_names, read_notebook, solution, tasks
from tests.exercises.grading import grade

VARIANT = 3
KEPT = "language_models"


@pytest.mark.parametrize("assignment", assignment_names())
def test_every_seed_of_a_hidden_test_changes_and_no_other(assignment):
    before, after = (read_notebook("solutions", assignment, variant) for variant in (0, VARIANT))
    seeds = 0
    for old, new in zip(before.cells, after.cells, strict=True):
        found = [SEED.findall("".join(HIDDEN.findall(cell.source))) for cell in (old, new)]
        assert all(one != other for one, other in zip(*found, strict=True)), old.id
        shown = [SEED.findall(HIDDEN.sub("", cell.source)) for cell in (old, new)]
        assert shown[0] == shown[1]
        seeds += len(found[0])
    assert seeds > 3


@pytest.mark.parametrize("assignment", assignment_names())
def test_every_listed_text_is_in_the_release(assignment):
    changes = listed_changes(ROOT / "solutions", assignment)
    assert changes
    assert changes.keys() <= {task.name for task in tasks(assignment)}
    text = "\n".join(cell.source for cell in read_notebook("exercises", assignment).cells)
    for alternatives in changes.values():
        for old, new in (pair for texts in alternatives for pair in texts.items()):
            assert old in text
            assert new not in text


@pytest.mark.parametrize("assignment", assignment_names())
def test_solutions_get_full_marks_in_another_variant(assignment):
    grades = grade(assignment, {task.name: solution(task) for task in tasks(assignment)}, variant=VARIANT)
    assert {name: grade.message for name, grade in grades.items() if grade.score != grade.max_score} == {}


@pytest.mark.parametrize("task", [pytest.param(task, id=task.name) for task in tasks(KEPT)])
def test_answers_keep_their_scores(task):
    for answer in task.answers(correct=True) + task.answers(correct=False):
        grades = grade(KEPT, {task.name: answer.source}, variant=VARIANT)
        grades = [grades[test_id] for test_id in task.test_ids]
        assert all(grade.score == grade.max_score for grade in grades) == answer.correct, answer.path.name
        if not answer.correct:
            assert any(re.search(answer.header("message"), grade.message) for grade in grades), answer.path.name


def test_variant_0_is_the_repository(tmp_path):
    assert course_variant(tmp_path) == course_variant(ROOT / "solutions") == 0
    notebook = read_notebook("solutions", KEPT)
    vary(notebook, 0, {"a": [{"the": "THE"}]})
    assert "THE" not in notebook.cells[0].source


def test_a_variant_is_a_number(tmp_path):
    (tmp_path / "variant.txt").write_text("three", encoding="utf-8")
    with pytest.raises(ValueError, match=r"variant\.txt holds 'three'; a variant is a number of at most 18 digits"):
        course_variant(tmp_path)
