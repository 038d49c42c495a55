"""Marks that a person gave: they count as long as what they were given for is what was handed in."""

from typing import Any

from nbformat import NotebookNode
from nbgrader.api import Grade, SubmittedAssignment

from lmkit.grading.cells import grade_id_of
from lmkit.grading.records import digest

ADDED = "cells added"
CODE = "all answers"


def answers_in(notebook: NotebookNode) -> dict[str, str]:
    """Return a digest of everything in a notebook that a mark can be given for.

    Args:
        notebook: As a student handed it in.

    Returns:
        A digest for each answer cell by its grade id, one for the cells that the student has added, in which questions
        in words are answered, and one for all answers together, on which the score of a test depends.

    Example:
        >>> from nbformat.v4 import new_markdown_cell, new_notebook
        >>> sorted(answers_in(new_notebook(cells=[new_markdown_cell("Because.")])))
        ['all answers', 'cells added']
    """
    named: dict[str, str] = {}
    added = []
    for cell in reversed(notebook.cells):
        grade_id = grade_id_of(cell)
        content = [cell.cell_type, cell.source, cell.get("attachments", {})]
        if grade_id is None or grade_id in named:  # of cells that are there twice the last one counts
            added.append(content)
        else:
            named[grade_id] = digest(content) if cell.metadata.nbgrader.get("solution") else ""
    answers = {name: text for name, text in named.items() if text}
    return answers | {ADDED: digest([part for part in added if part[1].strip()]), CODE: digest(answers)}


def answer_of(grade: Grade, answers: dict[str, str]) -> str | None:
    """Return the digest of the answer that a grade is for."""
    if grade.name in answers:
        return answers[grade.name]
    return answers.get(ADDED if grade.cell.type == "TaskCell" else CODE)


def check_marks(submission: SubmittedAssignment, before: dict[str, str], now: dict[str, str]) -> dict[str, str]:
    """Withdraw the marks whose answers have changed since they were given.

    Args:
        submission: Graded, of an open gradebook; the caller commits.
        before: Digests of the answers for which the marks were given.
        now: Digests of the answers that were handed in.

    Returns:
        For each cell whose mark was withdrawn, a remark.
    """
    remarks = {}
    for grade in (grade for notebook in submission.notebooks for grade in notebook.grades):
        if grade.manual_score is None:
            continue
        if answer_of(grade, before) == answer_of(grade, now):
            grade.needs_manual_grade = False  # nbgrader asks for the mark of a test again whenever it has run
        else:
            mark = f"{grade.manual_score:g} of {grade.max_score:g}"
            remarks[grade.name] = f"written answer changed since it was marked: {grade.name} had {mark}"
            grade.manual_score, grade.needs_manual_grade = None, True
    return remarks


def shown_on_feedback(submission: SubmittedAssignment) -> str:
    """Return a digest of what the gradebook adds to a submission's feedback page."""
    shown: list[Any] = []
    for notebook in submission.notebooks:
        shown.append([notebook.name, notebook.late_submission_penalty])
        shown += sorted([grade.name, grade.score, grade.max_score] for grade in notebook.grades)
        shown += sorted([comment.name, comment.comment or ""] for comment in notebook.comments)
    return digest(shown)
