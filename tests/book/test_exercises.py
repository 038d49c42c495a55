"""What the guide and the home page say of the assignments comes from the notebooks."""

import json
import shutil

import pytest
import torch

from lmkit.book import check_tasks, exercise_progress, read_assignments
from tests.exercises.assignments import assignment_names, solution, tasks

NAME = "language_models"


@pytest.fixture
def exercises(root, tmp_path):
    """A student's folder with one assignment."""
    shutil.copytree(root / "exercises" / NAME, tmp_path / NAME)
    return tmp_path


def edit(folder, sources):
    path = folder / NAME / f"{NAME}.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        cell["source"] = sources.get(cell["id"], cell["source"])
    path.write_text(json.dumps(notebook), encoding="utf-8")


def test_the_assignments_are_in_the_order_of_their_numbers(root):
    found = read_assignments(root / "exercises")
    assert [assignment.number for assignment in found] == list(range(1, len(found) + 1))
    assert sorted(assignment.path.stem for assignment in found) == assignment_names()


def test_tasks_and_points_are_the_graders(root):
    for assignment in read_assignments(root / "exercises"):
        expected = [test_id for task in tasks(assignment.path.stem) for test_id in task.test_ids]
        assert [test_id for tests in assignment.tasks.values() for test_id in tests] == expected
        notebook = assignment.path.read_text(encoding="utf-8")
        assert f"There are {assignment.points} points" in notebook.replace("\\n", " ")


def test_each_assignment_names_a_page_that_exists(root):
    for assignment in read_assignments(root / "exercises"):
        assert any((root / "chapters" / f"{assignment.page}{suffix}").exists() for suffix in (".md", ".ipynb"))


def test_solved_tasks_are_those_whose_tests_pass(exercises):
    (assignment,) = read_assignments(exercises)
    assert not any(check_tasks(assignment).values())
    answers = {task.name: solution(task) for task in tasks(NAME) if task.name != "sample_token"}
    edit(exercises, answers | {"sample_token": "def sample_token(probabilities, generator):\n    raise SystemExit"})
    solved = check_tasks(assignment)
    assert [task for task, passes in solved.items() if not passes] == ["Sample the next token"]


def test_what_answers_print_is_not_shown(exercises, capsys):
    edit(exercises, {"count_ngrams": "print('hello')\nimport warnings\nwarnings.warn('careful')"})
    exercise_progress(exercises)
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("before", [True, False])
def test_a_notebook_leaves_autograd_as_it_was(exercises, before):
    edit(exercises, {"count_ngrams": f"import torch\n\ntorch.set_grad_enabled({not before})"})
    with torch.set_grad_enabled(before):
        check_tasks(*read_assignments(exercises))
        assert torch.is_grad_enabled() is before


def test_the_table_links_the_notebook_and_names_the_next_task(exercises):
    (counting,) = (task for task in tasks(NAME) if task.name == "count_ngrams")
    edit(exercises, {"count_ngrams": solution(counting)})
    last = exercise_progress(exercises)._repr_markdown_().splitlines()[-1]
    assert last == (
        f"| 1 | [Language models]({NAME}/{NAME}.ipynb) | beginner | 1 h 15 min | ■□□□□ 1 of 5 | Smoothed probability |"
    )


def test_a_notebook_that_says_nothing_of_itself_is_refused(exercises):
    path = exercises / NAME / f"{NAME}.ipynb"
    path.write_text(path.read_text(encoding="utf-8").replace('"minutes"', '"hours"'), encoding="utf-8")
    with pytest.raises(
        ValueError, match=r"metadata\.assignment=.* does not have the keys number, level, minutes, page"
    ):
        read_assignments(exercises)
