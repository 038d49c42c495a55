"""Every prepared answer gets the grade that it deserves, with a message that names the mistake."""

import ast
import re
import time
from collections.abc import Callable

import pytest
from nbgrader import utils

from tests.exercises.assignments import (
    Answer,
    Task,
    assignment_names,
    definitions,
    raising,
    read_notebook,
    solution,
    tasks,
)
from tests.exercises.grading import Grade, grade

TASKS = [task for assignment in assignment_names() for task in tasks(assignment)]
ASSIGNMENTS = [pytest.param(name, id=name) for name in assignment_names()]


def each_task() -> list:
    return [pytest.param(task, id=task.id) for task in TASKS]


def each_answer(correct: bool) -> list:
    return [
        pytest.param(task, answer, id=f"{task.id}/{answer.path.stem}")
        for task in TASKS
        for answer in task.answers(correct)
    ]


@pytest.fixture
def graded(record_property) -> Callable[[Task, Answer], dict[str, Grade]]:
    """Grade one prepared answer, all other tasks left blank, and note the processor time for the terminal summary."""

    def grade_answer(task: Task, answer: Answer) -> dict[str, Grade]:
        start = time.process_time()
        grades = grade(task.assignment, {task.name: answer.source})
        record_property("exercise_seconds", time.process_time() - start)
        record_property("exercise_correct", answer.correct)
        assert all(grades[test_id].score == 0 for test_id in grades.keys() - set(task.test_ids)), "a blank task scores"
        return {test_id: grades[test_id] for test_id in task.test_ids}

    return grade_answer


@pytest.mark.parametrize("task", each_task())
def test_a_task_has_enough_answers(task):
    correct, wrong = task.answers(correct=True), task.answers(correct=False)
    assert len(correct) >= 2
    assert len(wrong) >= 4
    trees = {ast.dump(ast.parse(answer.source)) for answer in correct}
    assert len(trees) == len(correct), "two correct answers are the same program"
    assert len({answer.header("misconception") for answer in wrong}) == len(wrong), (
        "two wrong answers share a misconception"
    )
    assert all(answer.header("message") for answer in wrong)
    strays = {path.name for path in task.folder.iterdir()} - {answer.path.name for answer in correct + wrong}
    assert not strays, "a file in the task's folder is neither correct_*.py nor wrong_*.py"


def test_every_folder_of_answers_belongs_to_a_task():
    folders = {path for path in TASKS[0].folder.parents[1].glob("*/*") if path.is_dir() and path.name != "__pycache__"}
    assert folders == {task.folder for task in TASKS}


@pytest.mark.parametrize(("task", "answer"), each_answer(correct=True))
def test_a_correct_answer_gets_full_marks(task, answer, graded):
    for test_id, result in graded(task, answer).items():
        assert result.score == result.max_score, f"{test_id}: {result.message}"


@pytest.mark.parametrize(("task", "answer"), each_answer(correct=False))
def test_a_wrong_answer_loses_marks_and_is_told_why(task, answer, graded):
    grades = graded(task, answer)
    assert any(result.score < result.max_score for result in grades.values()), answer.header("misconception")
    messages = [result.message for result in grades.values() if result.message]
    assert any(re.search(answer.header("message"), message) for message in messages), "\n".join(messages)


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_blank_scores_nothing(assignment):
    grades = grade(assignment, {})
    assert grades
    assert {test_id: result.score for test_id, result in grades.items()} == dict.fromkeys(grades, 0)


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_the_solution_gets_full_marks(assignment):
    grades = grade(assignment, {task.name: solution(task) for task in tasks(assignment)})
    assert {test_id: result.message for test_id, result in grades.items() if result.score != result.max_score} == {}


@pytest.mark.parametrize("task", each_task())
def test_an_answer_can_be_called_from_another_process(task):
    """Tests reach functions and classes whose names stand in the release; a value they do not."""
    cells = read_notebook("exercises", task.assignment).cells
    (released,) = [cell.source for cell in cells if cell.id == task.name]
    for source in (released, solution(task)):
        for node in ast.parse(source).body:
            assert isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Import | ast.ImportFrom), (
                f"the answer cell holds {ast.unparse(node)!r}: tests can call its functions and classes, nothing else"
            )
    assert definitions(released) == definitions(solution(task)), "a function is defined between the solution's markers"


@pytest.mark.parametrize("task", each_task())
def test_every_test_runs_the_students_code(task):
    source = solution(task)
    names = definitions(source)
    assert names, "an answer cell defines at least one function or class"
    grades = grade(task.assignment, {task.name: raising(source, names)})
    for test_id in task.test_ids:
        assert grades[test_id].score == 0
        assert "the student code ran" in grades[test_id].message
    for name in names:
        grades = grade(task.assignment, {task.name: raising(source, [name])})
        assert any("the student code ran" in grades[test_id].message for test_id in task.test_ids), (
            f"{name} is not tested"
        )


@pytest.mark.parametrize("task", each_task())
def test_a_task_does_not_touch_the_marks_of_another(task):
    others = {other.name: solution(other) for other in tasks(task.assignment) if other != task}
    grades = grade(task.assignment, {**others, task.name: raising(solution(task), definitions(solution(task)))})
    for test_id, result in grades.items():
        assert result.score == (0 if test_id in task.test_ids else result.max_score), test_id


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_no_test_cell_scores_by_accident(assignment):
    """A last line that shows a value gives partial credit if it is a number, and full marks if it is False."""
    for cell in read_notebook("solutions", assignment).cells:
        if cell.cell_type == "code" and utils.is_grade(cell):
            last = ast.parse(cell.source).body[-1]
            shows = isinstance(last, ast.Expr) and not re.match(r"(check_\w+\(\)|float\(.*\))$", ast.unparse(last))
            assert not shows, f"{cell.id} ends in {ast.unparse(last)!r}: end in an assert, check_...() or float(...)"
