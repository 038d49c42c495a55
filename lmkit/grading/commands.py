"""Run nbgrader's commands from Python, and read from their log why one gave up."""

import logging
import re
from typing import Any

from nbgrader.apps.baseapp import NbGrader
from nbgrader.utils import capture_log


def run_command(command: type[NbGrader], arguments: list[str], **where: Any) -> str | None:
    """Run one of nbgrader's commands on the course in the current folder.

    Args:
        command: The command's class.
        arguments: As on the command line.
        where: Settings of nbgrader's ``CourseDirectory``, which then need not survive a command line.

    Returns:
        ``None`` if it succeeded, otherwise the reason in one line.
    """
    app = command()
    app.initialize(arguments)
    for name, value in where.items():
        setattr(app.coursedir, name, value)
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
