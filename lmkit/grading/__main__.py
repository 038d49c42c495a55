"""``python -m lmkit.grading ASSIGNMENT``: grade a class and print what came of it."""

import os
import sys
import time
from pathlib import Path

import tyro

from lmkit.grading.course import GradingError
from lmkit.grading.grade import grade_class
from lmkit.grading.progress import show_progress
from lmkit.grading.report import format_report, one_line
from lmkit.grading.sandbox import sandbox_problem


def main(
    assignment: tyro.conf.Positional[str],
    course: Path = Path(),
    jobs: int = os.cpu_count() or 1,
    unsafe: tyro.conf.FlagCreatePairsOff[bool] = False,
) -> int:
    """Grade all submissions of an assignment, write the feedback and grades.csv, and print a report.

    Args:
        assignment: Name of the folder in solutions/.
        course: Folder with nbgrader_config.py, solutions/ and submitted/.
        jobs: Submissions graded at the same time.
        unsafe: Run students' code with your own rights if this machine has no sandbox.

    Returns:
        Exit status: 0 if all were graded, 1 if some were not, 2 if none could be.
    """
    problem = sandbox_problem()
    if problem and not unsafe:
        print(
            f"Nothing was graded: students' code would run with your rights, not in a sandbox: {problem}.\n"
            "Grade in the container of lmkit/grading/Containerfile, or, if you trust every notebook, with --unsafe.",
            file=sys.stderr,
        )
        return 2
    started = time.monotonic()
    try:
        progress = show_progress(assignment, sys.stderr)
        results = grade_class(
            assignment, course.resolve(), jobs, unsafe, progress, lambda line: print(line, file=sys.stderr)
        )
    except GradingError as error:
        print(f"Nothing was graded: {error}", file=sys.stderr)
        return 2
    seconds = time.monotonic() - started
    failed = [one_line(result.student) for result in results if result.score is None]
    print(format_report(results))
    print(
        f"\n{assignment}: {len(results)} submissions in {seconds:.0f} s. Those that had not changed did not run again."
    )
    if problem:
        print(f"Students' code ran with your rights, not in a sandbox: {problem}.")
    print(f"Scores: grades.csv. Tasks: reports/{assignment}.html. For the students: feedback/.")
    print("By hand: make teach, then Nbgrader > Formgrader.")
    if failed:
        print(f"Not graded, {len(failed)} of {len(results)}: {', '.join(failed)}.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(tyro.cli(main))
