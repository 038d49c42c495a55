"""Grade one submission with nbgrader's own commands, and write its feedback page and its record."""

import contextlib
import re
import tempfile
from datetime import timedelta
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.api import Gradebook, SubmittedAssignment
from nbgrader.apps import AutogradeApp, GenerateFeedbackApp
from nbgrader.coursedir import CourseDirectory

from lmkit.grading.cells import is_test
from lmkit.grading.commands import run_command
from lmkit.grading.course import open_course
from lmkit.grading.marks import answers_in, check_marks, shown_on_feedback
from lmkit.grading.records import Record, record_folder
from lmkit.grading.report import notebook_remark
from lmkit.grading.submissions import lay_out, notebook_paths

OF_THE_GRADER = re.compile(r"\w+(Error|Exception|Entry): ")
"""Problems that another run may not have: those of the submission have no class in front."""


def grade_submission(
    assignment: str, student: str, notebooks: list[str], made_from: str | None, unsafe: bool = False
) -> str | None:
    """Grade one submission of the course in the current folder and write the student's feedback.

    Args:
        assignment: The assignment's name.
        student: The student's id.
        notebooks: Names of the assignment's notebooks.
        made_from: Digest of what the scores depend on; ``None`` if only the feedback has to be written again.
        unsafe: Run it without a sandbox if there is none.

    Returns:
        ``None``, or why it could not be done.
    """
    where = open_course()
    folder = record_folder(assignment, student)
    record = Record.load(folder)
    choice = [f"--SandboxedExecute.unsafe={unsafe}"]
    if made_from is not None:
        record.problem = autograde(where, assignment, student, notebooks, record, choice)
        if record.problem is None or not OF_THE_GRADER.match(record.problem):
            record.made_from = made_from
    if record.problem is None:
        with Gradebook(where.db_url, where.course_id) as gradebook:
            shown = shown_on_feedback(gradebook.find_submission(assignment, student))
        arguments = [assignment, "--force", *choice]
        problem = run_command(GenerateFeedbackApp, arguments, student_id=student)
        if problem:
            record.problem, record.made_from = f"no feedback: {problem}", ""
        record.shown = shown
    record.save(folder)
    return record.problem


def autograde(
    where: CourseDirectory, assignment: str, student: str, notebooks: list[str], record: Record, choice: list[str]
) -> str | None:
    """Run a submission and its tests, and write into its record what came of it."""
    folder = record_folder(assignment, student)
    record.made_from = ""
    record.save(folder)  # whoever ends this run leaves a submission that has to run again
    for path in folder.glob("*.visible.json"):
        path.unlink()
    submitted = Path(where.format_path(where.submitted_directory, student, assignment))
    graded = Path(where.format_path(where.autograded_directory, student, assignment))
    before = record.answers or read_answers(graded, notebooks)
    with tempfile.TemporaryDirectory(prefix="submitted-") as staged:
        remarks = lay_out(submitted, Path(staged) / student / assignment, notebooks)
        arguments = [assignment, "--force", *choice]
        problem = run_command(AutogradeApp, arguments, student_id=student, submitted_directory=staged)
    if problem:
        return problem
    record.answers = read_answers(submitted, notebooks)
    with Gradebook(where.db_url, where.course_id) as gradebook:
        submission = gradebook.find_submission(assignment, student)
        record.mark_again |= check_marks(submission, before, record.answers)
        gradebook.db.commit()
        remarks += lateness(submission)
    results = [nbformat.read(graded / name, as_version=4) for name in notebooks]
    noticed = [remark for result in results if (remark := notebook_remark(result))]
    record.remark = "; ".join([*remarks, *noticed])
    record.messages = {name: text for result in results for name, text in failures(result).items()}
    record.seconds = {name: taken for result in results for name, taken in result.metadata.get("seconds", {}).items()}
    return None


def read_answers(folder: Path, notebooks: list[str]) -> dict[str, str]:
    """Return digests of the answers in a submission's notebooks; none for those that cannot be read."""
    found: dict[str, str] = {}
    for path in notebook_paths(folder, notebooks).values():
        with contextlib.suppress(Exception):  # nbformat raises many kinds
            found |= answers_in(nbformat.read(path, as_version=4))
    return found


def lateness(submission: SubmittedAssignment) -> list[str]:
    """Say by how much a submission is late, if it is."""
    late = timedelta(seconds=round(submission.total_seconds_late))
    return [f"late by {late}"] if late else []


def failures(notebook: NotebookNode) -> dict[str, str]:
    """Return what each test that failed said."""
    return {
        cell.metadata.nbgrader.grade_id: f"{output.ename}: {output.evalue}"[:2000]
        for cell in notebook.cells
        if is_test(cell)
        for output in cell.outputs
        if output.output_type == "error"
    }
