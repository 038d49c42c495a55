"""Grade a class with nbgrader's own commands, each submission by itself, so that none can stop the others."""

import contextlib
import logging
import multiprocessing
import os
import re
import sys
import tempfile
import warnings
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.apps import AutogradeApp, ExportApp, GenerateAssignmentApp, GenerateFeedbackApp
from nbgrader.apps.baseapp import NbGrader
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import capture_log
from tqdm import tqdm

from lmkit.grading.report import Result, read_remark, write_csv
from lmkit.grading.submissions import submission_problem


class GradingError(Exception):
    """The class cannot be graded at all; the message says why."""


def run_command(command: type[NbGrader], arguments: list[str]) -> str | None:
    """Run one of nbgrader's commands on the course in the current folder.

    Args:
        command: The command's class.
        arguments: As on the command line.

    Returns:
        ``None`` if it succeeded, otherwise the reason in one line.
    """
    app = command()
    app.initialize(arguments)
    for handler in list(app.log.handlers):  # the reason is wanted, not pages of log
        app.log.removeHandler(handler)
    app.log.propagate = False
    app.log.setLevel(logging.INFO)
    outcome = capture_log(app)
    return None if outcome["success"] else failure_reason(outcome.get("log", "") + outcome["error"])


def failure_reason(log: str) -> str:
    r"""Find in nbgrader's log what made it give up.

    Args:
        log: Messages and tracebacks.

    Returns:
        The last error that is not nbgrader's way of ending, without its name if it is one of ours.

    Example:
        >>> failure_reason("[ERROR] Traceback\nlmkit.grading.execute.SubmissionError: the kernel died\nSystemExit: 1")
        'the kernel died'
    """
    errors = re.findall(r"^ *(?:\w+\.)*(\w+(?:Error|Exception|Entry)): (.*)$", log, re.MULTILINE)
    errors = [(name, message) for name, message in errors if name != "NbGraderException"]
    if not errors:
        lines = re.findall(r"^\[(?:ERROR|CRITICAL)\] (.*)$", log, re.MULTILINE)
        return lines[-1] if lines else "nbgrader gave no reason"
    name, message = errors[-1]
    return message if name in ("SubmissionError", "GradingError") else f"{name}: {message}"


def grade_submission(assignment: str, student: str, unsafe: bool = False) -> str | None:
    """Grade one submission of the course in the current folder and write the student's feedback.

    Args:
        assignment: The assignment's name.
        student: The student's id.
        unsafe: Run it without a sandbox if there is none.

    Returns:
        ``None``, or why it could not be done.
    """
    warnings.simplefilter("ignore")  # nbgrader's own
    arguments = [assignment, f"--student={student}", "--force", f"--SandboxedExecute.unsafe={unsafe}"]
    problem = run_command(AutogradeApp, arguments)
    if problem is None:
        problem = run_command(GenerateFeedbackApp, arguments)
        problem = problem and f"no feedback: {problem}"
    return problem


def grade_class(assignment: str, course: Path, jobs: int, unsafe: bool = False) -> list[Result]:
    """Grade everything that was handed in for an assignment, and write feedback and ``grades.csv``.

    Args:
        assignment: The assignment's name.
        course: The folder with ``nbgrader_config.py``.
        jobs: Submissions graded at the same time.
        unsafe: Run students' code without a sandbox if there is none.

    Returns:
        One result for each submission.

    Raises:
        GradingError: If there is no such assignment, or nothing was handed in.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     grade_class("gpt", Path(folder), jobs=1)
        Traceback (most recent call last):
        lmkit.grading.grade.GradingError: there is no notebook in ...gpt
    """
    with contextlib.chdir(course):
        settings = NbGrader()
        settings.initialize([])
        where: CourseDirectory = settings.coursedir
        source = Path(where.format_path(where.source_directory, ".", assignment))
        notebooks = sorted(path.name for path in source.glob("*.ipynb"))
        if not notebooks:
            raise GradingError(f"there is no notebook in {source}")
        submitted = Path(where.format_path(where.submitted_directory, "", ""))
        folders = {folder.parent.name: folder for folder in sorted(submitted.glob(f"*/{assignment}"))}
        if not folders:
            raise GradingError(f"nothing was handed in: there is no folder {submitted}/*/{assignment}")
        register(assignment)
        problems = {student: submission_problem(folder, notebooks) for student, folder in folders.items()}
        problems |= grade_submissions(
            assignment, [student for student in problems if problems[student] is None], jobs, unsafe
        )
        results = read_results(where, assignment, problems)
        export(assignment, results)
    return results


def grade_submissions(assignment: str, students: list[str], jobs: int, unsafe: bool) -> dict[str, str | None]:
    """Grade submissions side by side, each in a process that outlives whatever happens in another."""
    problems: dict[str, str | None] = {}
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=spawn, initializer=os.chdir, initargs=(Path.cwd(),)) as workers:
        futures = {workers.submit(grade_submission, assignment, student, unsafe): student for student in students}
        for future in tqdm(as_completed(futures), total=len(futures), desc=assignment, unit="submission", disable=None):
            error = future.exception()
            problems[futures[future]] = f"{type(error).__name__}: {error}" if error else future.result()
    return problems


def register(assignment: str) -> None:
    """Tell the gradebook what the assignment's tests are now; the release that this makes is thrown away.

    Args:
        assignment: The assignment's name.

    Raises:
        GradingError: If the source cannot be released, or cells were added or removed after work was handed in.
    """
    # nbgrader makes a gradebook with the command alembic, which lies beside Python
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    with tempfile.TemporaryDirectory() as release:
        argument = f"--CourseDirectory.release_directory={release}"
        problem = run_command(GenerateAssignmentApp, [assignment, "--force", argument])
    if problem:
        raise GradingError(f"{assignment} cannot be released: {problem}")


def export(assignment: str, results: list[Result]) -> None:
    """Write ``grades.csv`` into the current folder: nbgrader's export of the assignment, with our remarks.

    Args:
        assignment: The assignment's name.
        results: One for each submission.

    Raises:
        GradingError: If nbgrader cannot export the gradebook.
    """
    with tempfile.TemporaryDirectory() as folder:
        exported = Path(folder) / "exported.csv"
        problem = run_command(ExportApp, [f"--to={exported}", f"--assignment={[assignment]}"])
        if problem:
            raise GradingError(f"the gradebook cannot be exported: {problem}")
        write_csv(exported, Path("grades.csv").absolute(), assignment, results)


def read_results(where: CourseDirectory, assignment: str, problems: dict[str, str | None]) -> list[Result]:
    """Read the class's scores from the gradebook.

    Args:
        where: The course.
        assignment: The assignment's name.
        problems: For each student who handed something in, why it was not graded, or ``None``.

    Returns:
        One result for each of these students.
    """
    results = []
    with Gradebook(where.db_url, where.course_id) as gradebook:
        max_score = gradebook.find_assignment(assignment).max_score
        for student, problem in problems.items():
            result = Result(student=student, score=None, max_score=max_score, remark=problem or "")
            if problem is None:
                submission = gradebook.find_submission(assignment, student)
                grades = [grade for notebook in submission.notebooks for grade in notebook.grades]
                graded = Path(where.format_path(where.autograded_directory, student, assignment))
                remarks = [read_remark(path) for path in sorted(graded.glob("*.ipynb"))]
                result = Result(
                    student=student,
                    score=submission.score,
                    max_score=max_score,
                    by_hand=sum((grade.max_score for grade in grades if grade.needs_manual_grade), 0.0),
                    remark="; ".join(remark for remark in remarks if remark),
                )
            results.append(result)
    return results
