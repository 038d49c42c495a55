"""The process for tests as the grader sees it: started once, with a child for each notebook.

It is shut in like a student's kernel, without anything of the student's. What runs in it is
:mod:`lmkit.grading.channel.testing`.
"""

import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lmkit.grading.channel.testing import receive, send
from lmkit.grading.sandbox import ENVIRONMENT, LMKIT, sandbox_command, sandbox_problem


class Tests:
    """The grader's end: a process for tests that is started once, and a child of it for each notebook."""

    running: "Tests | None" = None

    def __init__(self) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix="tests-")
        self.control, theirs = socket.socketpair()
        command = [sys.executable, "-m", "lmkit.grading.channel.testing", str(theirs.fileno())]
        environment = dict(os.environ)
        if not sandbox_problem():
            command = sandbox_command(command, Path(self.folder.name), hidden=LMKIT / "grading")
            environment = ENVIRONMENT
        with theirs:
            self.process = subprocess.Popen(command, pass_fds=[theirs.fileno()], env=environment)

    @classmethod
    def get(cls) -> "Tests":
        """Return the process that is running, or start one."""
        if cls.running is None or cls.running.process.poll() is not None:
            cls.running = cls()
        return cls.running

    def open(self, functions: dict[str, dict[str, Any]], modules: Sequence[str]) -> "NotebookTests":
        """Begin a notebook.

        Args:
            functions: What its answer cells define: keyword arguments of
                :class:`~lmkit.grading.channel.trials.Declaration` by name.
            modules: What its given cells import.
        """
        ours, theirs = socket.socketpair()
        with theirs:
            socket.send_fds(self.control, [b"+"], [theirs.fileno()])
        send(self.control, {"functions": functions, "modules": [*modules]})
        return NotebookTests(self, ours)

    def kill(self) -> None:
        """End the process and everything in it."""
        self.process.kill()
        self.process.wait()
        self.control.close()
        self.folder.cleanup()


class NotebookTests:
    """The tests of one notebook."""

    def __init__(self, tests: Tests, stream: socket.socket) -> None:
        self.tests, self.stream = tests, stream

    def run(self, source: str, seconds: float, student: socket.socket | None) -> list[dict[str, Any]] | None:
        """Run a cell of the instructor's.

        Args:
            source: The cell.
            seconds: After which it is stopped.
            student: A socket at whose other end the student's kernel answers calls; closed afterwards.

        Returns:
            Its outputs; ``None`` if it could not be stopped in time.
        """
        self.stream.settimeout(seconds + 5)
        try:
            if student is None:
                self.stream.sendall(b"+")
            else:
                with student:
                    socket.send_fds(self.stream, [b"+"], [student.fileno()])
            send(self.stream, {"source": source, "seconds": seconds})
            outputs: list[dict[str, Any]] = receive(self.stream)
        except (OSError, EOFError):
            self.tests.kill()
            return None
        return outputs

    def close(self) -> None:
        """End the notebook's process."""
        self.stream.close()
