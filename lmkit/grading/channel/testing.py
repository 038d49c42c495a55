"""What runs in the process for tests: the instructor's cells, and of a student's notebook only stand-ins.

``python -m lmkit.grading.channel.testing FD`` waits at a socket. For each notebook it forks, so that a notebook begins
with the modules that its given cells import already loaded, and with nothing of the notebook before it.
"""

import contextlib
import json
import os
import signal
import socket
import struct
import sys
import types
from collections.abc import Iterator, Sequence
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from traitlets import Type
from traitlets.config import Config

from lmkit.grading.channel.calls import TESTS, ChannelError, Peer
from lmkit.grading.channel.kernel import load
from lmkit.grading.channel.serving import Connection
from lmkit.grading.channel.trials import Declaration, Trials

LATE = "CellTimeoutError"


class Late(BaseException):
    """A test takes too long; no ``except Exception`` of a test or an answer stops it."""


Late.__name__ = LATE


class TamperingError(ChannelError):
    """The student's process does not answer calls as Python would."""


def send(stream: socket.socket, message: Any) -> None:
    """Send what JSON can hold."""
    content = json.dumps(message).encode()
    stream.sendall(struct.pack("<Q", len(content)) + content)


def receive(stream: socket.socket) -> Any:
    """Wait for what :func:`send` has sent.

    Raises:
        EOFError: If the other side has gone.
    """
    (length,) = struct.unpack("<Q", take(stream, 8))
    return json.loads(take(stream, length))


def take(stream: socket.socket, length: int) -> bytes:
    """Wait for a number of bytes."""
    parts = []
    while length:
        part = stream.recv(min(length, 2**20))
        if not part:
            raise EOFError("the other process has gone")
        parts.append(part)
        length -= len(part)
    return b"".join(parts)


class Shown(DisplayHook):
    """Keeps what a cell ends in, in place of printing it."""

    def write_output_prompt(self) -> None:
        """Print nothing."""

    def write_format_data(self, format_dict: dict[str, Any], md_dict: dict[str, Any] | None = None) -> None:
        """Keep the value's forms."""
        assert isinstance(self.shell, Shell)
        self.shell.shown = {"data": format_dict, "metadata": md_dict or {}}

    def finish_displayhook(self) -> None:
        """Print nothing."""


class Shell(InteractiveShell):
    """IPython without a terminal."""

    displayhook_class = Type(Shown)
    shown: dict[str, Any] | None = None
    lines: Sequence[str] = ()

    def _showtraceback(self, etype: Any, evalue: Any, stb: list[str]) -> None:
        self.lines = stb


class TestShell:
    """Runs the cells of one notebook, as a kernel would, in a namespace where answers are stand-ins.

    Args:
        functions: What the answer cells define, with what is declared of it.
    """

    def __init__(self, functions: dict[str, dict[str, Any]]) -> None:
        self.peer = Peer(TESTS, self.exchange)
        self.trials = Trials(self.peer, {name: Declaration(**declared) for name, declared in functions.items()})
        self.connection: Any = None
        self.shell = Shell.instance()
        self.shell.user_ns.update(self.trials.stand_ins)

    def exchange(self, request: bytes) -> bytes:
        """Call the student's process."""
        __tracebackhide__ = True
        if self.connection is None:
            raise TamperingError("the notebook's process does not answer calls")
        try:
            return self.connection.exchange(self.peer, request)
        except (ChannelError, OSError) as error:
            raise TamperingError(f"the notebook's process does not answer calls: {error}") from None

    def run(self, source: str, seconds: float, stream: socket.socket | None) -> list[dict[str, Any]]:
        """Run a cell.

        Args:
            source: The cell.
            seconds: After which it is stopped.
            stream: Leads to the student's process.

        Returns:
            Its outputs, as in a notebook.
        """
        self.peer.forget()
        self.trials.begin()
        self.connection = None
        if stream is not None:
            stream.setblocking(True)
            self.connection = Connection(stream)
        self.shell.lines, self.shell.shown = (), None
        with alarm(seconds), capture_output() as captured:
            result = self.shell.run_cell(source, store_history=False)
            error = result.error_before_exec or result.error_in_exec
            if error is None:
                error = self.failed_trial()
        streams = {"stdout": captured.stdout, "stderr": captured.stderr}
        outputs: list[dict[str, Any]] = [
            {"output_type": "stream", "name": name, "text": text} for name, text in streams.items() if text
        ]
        for shown in captured.outputs:
            outputs.append({"output_type": "display_data", "data": shown.data, "metadata": shown.metadata or {}})
        if error is None and self.shell.shown is not None:
            outputs.append({"output_type": "execute_result", "execution_count": None, **self.shell.shown})
        if error is not None:
            text, lines = str(error), list(self.shell.lines)
            if isinstance(error, Late):  # where it was stopped says nothing about the answer
                text = f"the test took more than {seconds:.0f} s: is there a loop that does not end?"
                lines = [f"{LATE}: {text}"]
            lines = [*lines, *(f"In your code: {line}" for line in getattr(error, "where_in_answer", []))]
            outputs.append({"output_type": "error", "ename": type(error).__name__, "evalue": text, "traceback": lines})
        return outputs

    def failed_trial(self) -> BaseException | None:
        """Return the error of a trial that an answer does not stand after a cell has passed."""
        try:
            self.trials.finish()
        except (Exception, Late) as error:
            self.shell.lines = [f"{type(error).__name__}: {error}"]
            return error
        return None


@contextlib.contextmanager
def alarm(seconds: float) -> Iterator[None]:
    """Raise :class:`Late` in what takes too long."""

    def stop(number: int, frame: types.FrameType | None) -> None:
        raise Late

    signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds, 1)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def run_notebook(stream: socket.socket, functions: dict[str, dict[str, Any]]) -> None:
    """Run one notebook's cells as they come."""
    shell = TestShell(functions)
    while True:
        message, fds, _, _ = socket.recv_fds(stream, 1, 1)
        if not message:
            return
        cell = receive(stream)
        student = socket.socket(fileno=fds[0]) if fds else None
        outputs = shell.run(cell["source"], cell["seconds"], student)
        if student is not None:
            with contextlib.suppress(OSError):
                student.shutdown(socket.SHUT_RDWR)  # the student's kernel stops answering calls
            student.close()
        send(stream, outputs)


def main(fd: int) -> None:
    """Fork for each notebook whose socket comes through the socket of this number."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "Neutral"
    with capture_output():  # the first failure loads what writes tracebacks: not anew in each notebook's process
        Shell.instance(config=config).run_cell("1 / 0", store_history=False)
    with socket.socket(fileno=fd) as control:
        while True:
            message, fds, _, _ = socket.recv_fds(control, 1, 1)
            if not message:
                os._exit(0)
            notebook = receive(control)
            load(notebook["modules"])
            if os.fork() == 0:
                control.close()
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                with contextlib.suppress(EOFError, OSError):
                    run_notebook(socket.socket(fileno=fds[0]), notebook["functions"])
                os._exit(0)
            os.close(fds[0])


if __name__ == "__main__":
    main(int(sys.argv[1]))
