"""The tests of each task stay in the range that its statement promises, and go to its ends."""

import pytest

from lmkit.grading.channel.trials import Declaration
from lmkit.grading.ranges import Reached, declaration_problem
from tests.exercises.assignments import assignment_names, read_notebook, solution, tasks, trials_of
from tests.exercises.grading import grade


@pytest.mark.parametrize("assignment", assignment_names())
def test_every_function_declares_its_range(assignment):
    assert declaration_problem(read_notebook("solutions", assignment)) is None


@pytest.mark.parametrize("assignment", assignment_names())
def test_the_tests_keep_to_the_range_and_reach_its_ends(assignment):
    reached = Reached({name: Declaration(**about) for name, about in trials_of(assignment).items()})

    def watch(name, arguments):
        if name in reached.functions:
            reached.note(name, arguments)

    grade(assignment, {task.name: solution(task) for task in tasks(assignment)}, watch)
    assert reached.problems() == []
