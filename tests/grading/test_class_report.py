import re

import numpy as np
import pytest
from nbformat.v4 import new_markdown_cell

from lmkit.grading.class_report import TaskReport, as_html, as_text, beliefs, misconceptions
from lmkit.grading.marks import answers_in
from lmkit.grading.records import Record
from tests.exercises.assignments import assignment_names, tasks
from tests.grading.classroom import answered, source_notebook


def task(**changes):
    about = {"name": "mean", "points": 4.0, "scores": [0.0, 2.0, 4.0, 4.0], "others": [1.0, 5.0, 4.0, 9.0]}
    return TaskReport(**about | {"seconds": [0.1, 0.2, 0.3, 4.0]} | changes)


def test_difficulty_and_discrimination_are_mean_share_and_correlation():
    assert task().difficulty == 10 / 16
    assert task().discrimination == pytest.approx(np.corrcoef([0, 2, 4, 4], [1, 5, 4, 9])[0, 1])


def test_a_task_that_all_solve_separates_nobody():
    assert task(scores=[4.0] * 4).discrimination is None
    assert task(others=[1.0] * 4).discrimination is None


def test_a_question_that_nobody_has_marked_has_no_difficulty():
    unmarked = task(scores=[], others=[], seconds=[])
    assert "not marked yet" in as_text("gpt", 4, [unmarked])
    assert "<meter" not in as_html("gpt", 4, [unmarked])


def test_the_reports_show_the_same_and_what_a_student_wrote_is_only_text():
    report = task()
    report.beliefs.update({"<script>steal()</script>": 3, "the middle": 1})
    text, page = as_text("gpt", 4, [report]), as_html("gpt", 4, [report])
    for shown in ("62%", "+0.76", "0.2 / 4.0 s", "the middle"):
        assert shown in text
        assert shown in page
    assert "<script" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize("assignment", assignment_names())
def test_wrong_answers_on_file_recognise_their_own_messages(assignment):
    """Each has a misconception and a message that are read as the tests of the exercises read them."""
    for one in tasks(assignment):
        known = misconceptions(one.folder)
        assert [(text, pattern.pattern) for text, pattern in known] == [
            (answer.header("misconception"), answer.header("message")) for answer in one.answers(correct=False)
        ]


def test_a_message_stands_for_the_belief_that_fits_most_of_it_and_otherwise_for_itself():
    known = [("ends early", re.compile("got 2")), ("counts letters", re.compile("expected 3, got 2"))]
    assert beliefs(["AssertionError: expected 3, got 2"], known) == {"counts letters"}
    assert beliefs(["KeyError: 'a'"], known) == {"KeyError: 'a'"}
    assert beliefs(["AssertionError: ", "AssertionError: we got 2"], known) == {"ends early"}
    assert beliefs([], known) == set()


def test_an_answer_is_what_a_mark_can_be_given_for():
    before = answers_in(answered(source_notebook()))
    code = answers_in(answered(source_notebook(), mean="mean = None"))
    assert {name for name in before if before[name] != code[name]} == {"mean", "all answers"}
    notebook = answered(source_notebook())
    notebook.cells.append(new_markdown_cell("Because."))
    words = answers_in(notebook)
    assert {name for name in before if before[name] != words[name]} == {"cells added"}
    notebook.cells.append(new_markdown_cell("  "))
    assert answers_in(notebook) == words


def test_a_record_is_read_as_it_was_saved(tmp_path):
    record = Record(made_from="1f", problem="x", answers={"a": "b"}, messages={"t": "é"}, seconds={"t": 0.1})
    record.save(tmp_path)
    assert Record.load(tmp_path) == record
