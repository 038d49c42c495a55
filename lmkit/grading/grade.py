"""Grade a class, each submission by itself, so that none can stop the others; what has not changed is not run again."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import chdir, contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from nbgrader.api import Assignment, Gradebook, SubmittedAssignment
from nbgrader.coursedir import CourseDirectory

from lmkit.grading.class_report import write_report
from lmkit.grading.course import GradingError, open_course, source_folder, source_notebooks
from lmkit.grading.marks import shown_on_feedback
from lmkit.grading.records import RECORDS, Record, digest, digest_files, record_folder
from lmkit.grading.register import register
from lmkit.grading.report import Result
from lmkit.grading.sandbox import LMKIT, sandbox_problem
from lmkit.grading.submissions import name_problem, submission_problem
from lmkit.grading.table import write_table
from lmkit.grading.workers import run_tasks


def grade_class(
    assignment: str,
    course: Path,
    jobs: int,
    unsafe: bool = False,
    progress: Callable[[int, int], None] = lambda done, total: None,
    say: Callable[[str], None] = lambda line: None,
) -> list[Result]:
    """Grade what was handed in for an assignment and has changed; write feedback, ``grades.csv`` and the report.

    Args:
        assignment: The assignment's name.
        course: The folder with ``nbgrader_config.py``.
        jobs: Submissions graded at the same time.
        unsafe: Run students' code without a sandbox if there is none.
        progress: Called with the number of submissions that have run, and of those that have to.
        say: Called with a line when there is something to know, such as that another run has to end first.

    Returns:
        One result for each submission.

    Raises:
        GradingError: If there is no such assignment, or nothing was handed in.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     grade_class("gpt", Path(folder), jobs=1)
        Traceback (most recent call last):
        lmkit.grading.course.GradingError: there is no notebook in ...gpt
    """
    with chdir(course):
        where = open_course()
        notebooks = source_notebooks(where, assignment)
        submitted = Path(where.format_path(where.submitted_directory, "", ""))
        folders = {folder.parent.name: folder for folder in sorted(submitted.glob(f"*/{assignment}"))}
        if not folders:
            raise GradingError(f"nothing was handed in: there is no folder {submitted}/*/{assignment}")
        with alone(say), scratch() as temporary:
            if kept := register(where, assignment):
                say(f"The tasks of {assignment} have changed. The gradebook as it was: {kept.name}")
            problems = {name: name_problem(name) or submission_problem(f, notebooks) for name, f in folders.items()}
            sound = {name: folder for name, folder in folders.items() if problems[name] is None}
            tasks = list(what_to_do(where, assignment, sound, unsafe))
            for done, (task, problem) in enumerate(run_tasks(tasks, jobs, temporary), start=1):
                problems[task["student"]] = problem
                progress(done, len(tasks))
            results = read_results(where, assignment, problems)
            write_table(where, {assignment: results})
            write_report(where, assignment, [result.student for result in results if result.score is not None])
    return results


@contextmanager
def alone(say: Callable[[str], None]) -> Iterator[None]:
    """Wait until nobody else grades in the course in the current folder."""
    RECORDS.mkdir(exist_ok=True)
    lock = FileLock(RECORDS / "lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        say("Another run is grading this course. This one waits until it has ended.")
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


@contextmanager
def scratch() -> Iterator[Path]:
    """Make a folder for temporary files whose name belongs to the course, so that a later run finds what was left."""
    name = hashlib.sha256(os.fsencode(Path.cwd())).hexdigest()[:8]
    folder = Path(tempfile.gettempdir()) / f"grade-{name}"
    shutil.rmtree(folder, ignore_errors=True)
    try:
        folder.mkdir(mode=0o700)
    except OSError as error:
        raise GradingError(f"{folder} cannot be made: {error.strerror}") from None
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def what_to_do(
    where: CourseDirectory, assignment: str, folders: dict[str, Path], unsafe: bool
) -> Iterator[dict[str, Any]]:
    """List the submissions that have to run, and those of which only the feedback has to be written again.

    Args:
        where: The course in the current folder.
        assignment: The assignment's name.
        folders: What was handed in, by student.
        unsafe: Whether students' code may run without a sandbox.

    Yields:
        Arguments of :func:`~lmkit.grading.submission.grade_submission`.
    """
    grader: list[Any] = [
        digest_files([source_folder(where, assignment), Path("nbgrader_config.py"), LMKIT / "grading"])
    ]
    grader += [unsafe, sandbox_problem()]
    notebooks = source_notebooks(where, assignment)
    with Gradebook(where.db_url, where.course_id) as gradebook:
        registered = gradebook.find_assignment(assignment)
        known = {submission.student.id: submission for submission in registered.submissions}
        for student, folder in folders.items():
            record = Record.load(record_folder(assignment, student))
            submission = known.get(student)
            made_from = digest([grader, digest_files([folder]), due(registered, submission)])
            task = {"assignment": assignment, "student": student, "notebooks": notebooks, "unsafe": unsafe}
            if record.made_from != made_from or (submission is None and record.problem is None):
                yield task | {"made_from": made_from}
            elif record.problem is None and submission and record.shown != shown_on_feedback(submission):
                yield task | {"made_from": None}


def due(assignment: Assignment, submission: SubmittedAssignment | None) -> str:
    """Return what decides whether a submission is late, other than the submission."""
    return f"{assignment.duedate} {submission.extension if submission else None}"


def read_results(where: CourseDirectory, assignment: str, problems: dict[str, str | None]) -> list[Result]:
    """Read the class's scores from the gradebook and its remarks from the records.

    Args:
        where: The course in the current folder.
        assignment: The assignment's name.
        problems: For each student who handed something in, why it was not graded in this run, or ``None``.

    Returns:
        One result for each of these students.
    """
    results = []
    with Gradebook(where.db_url, where.course_id) as gradebook:
        registered = gradebook.find_assignment(assignment)
        known = {submission.student.id: submission for submission in registered.submissions}
        for student, problem in problems.items():
            folder = record_folder(assignment, student)
            record = Record.load(folder) if problem is None else Record()
            problem = problem or record.problem
            if problem is None:
                results.append(graded(known[student], record))
            else:
                results.append(Result(student=student, score=None, max_score=registered.max_score, remark=problem))
    return results


def graded(submission: SubmittedAssignment, record: Record) -> Result:
    """Return the result of a submission that was graded."""
    grades = [grade for notebook in submission.notebooks for grade in notebook.grades]
    waiting = {grade.name for grade in grades if grade.needs_manual_grade}
    remarks = [text for name, text in record.mark_again.items() if name in waiting]
    penalty = submission.late_submission_penalty or 0.0
    return Result(
        student=submission.student.id,
        score=max(0.0, submission.score - penalty),
        max_score=submission.max_score,
        by_hand=sum((grade.max_score for grade in grades if grade.needs_manual_grade), 0.0),
        remark="; ".join([*remarks, *filter(None, [record.remark]), *([f"penalty {penalty:g}"] if penalty else [])]),
    )
