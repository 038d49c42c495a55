"""Run a notebook once for its scores and its feedback, though no hidden test may reach the latter.

The notebook runs without its hidden tests. At each of the instructor's cells the student's kernel leaves a copy of
itself behind, which waits. When the notebook has ended, all that the feedback shows is written down, and only then each
cell of the instructor's runs again, in full, against its copy. So no argument of a hidden test reaches any process of
the student's before the feedback is final, and each test meets the notebook as it was where the test stands.
"""

import asyncio
import contextlib
import socket
import struct
import time
from collections.abc import Iterator
from typing import Any

import psutil
from jupyter_core.utils import run_sync
from nbformat import NotebookNode
from nbgrader.utils import is_grade

from lmkit.grading.execute import LEAVE_COPY, SandboxedExecute
from lmkit.grading.sandbox import sandbox_problem
from lmkit.grading.visible import keep_outputs, visible_record, visible_source


class Snapshot:
    """A copy of a student's kernel, which answers calls when they come.

    Args:
        stream: Connected to it; ``None`` if the kernel has left no copy.
    """

    def __init__(self, stream: socket.socket | None) -> None:
        self.stream = stream
        self.process: psutil.Process | None = None
        self.printed: list[NotebookNode] = []
        if stream is not None:
            pid, _, _ = struct.unpack("3i", stream.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
            with contextlib.suppress(psutil.Error):
                self.process = psutil.Process(pid)

    def end(self) -> None:
        """Kill it, whatever it does."""
        if self.stream is not None:
            self.stream.close()
        if self.process is not None:
            with contextlib.suppress(psutil.Error):
                self.process.kill()


class RunAllTests(SandboxedExecute):
    """Run a notebook and keep what the feedback shows of it, then run all tests in full.

    Each of these meets the kernel as it was at the test's cell. The notebook has ``notebook_timeout`` seconds, and the
    tests in full have as many again. Without a sandbox (no bubblewrap, or not Linux) it runs as
    :class:`SandboxedExecute`, and the feedback has a run of its own.

    Example:
        It has the settings of :class:`SandboxedExecute`:

        >>> RunAllTests(notebook_timeout=60).notebook_timeout
        60
    """

    def preprocess(self, nb: NotebookNode, resources: dict, km: Any = None) -> tuple[NotebookNode, dict]:
        """Run all cells in order, and then the tests."""
        if sandbox_problem():
            return SandboxedExecute(parent=self.parent).preprocess(nb, resources, km)
        self.sources = [cell.source for cell in nb.cells]
        self.snapshots: dict[int, Snapshot] = {}
        self.record = visible_record(resources["nbgrader"])
        for cell in nb.cells:
            cell.source = visible_source(cell)
        try:
            return super().preprocess(nb, resources, km)
        finally:
            for snapshot in self.snapshots.values():
                snapshot.end()

    @contextlib.contextmanager
    def setup_kernel(self, **kwargs: Any) -> Iterator[None]:
        """Start a kernel for the cells, and run the tests in full before it is stopped."""
        with super().setup_kernel(**kwargs):
            yield
            keep_outputs(self.nb, self.record)
            self.deadline = time.monotonic() + self.notebook_timeout
            with self.open_tests():
                for index, (cell, source) in enumerate(zip(self.nb.cells, self.sources, strict=True)):
                    cell.source = source
                    if index in self.snapshots:
                        self.run_in_full(cell, index)

    async def async_run_test(self, cell: NotebookNode, index: int) -> tuple[list[NotebookNode], list[NotebookNode]]:
        """Run the visible part of a test, after the kernel has left a copy of itself for the whole."""
        stream, leaving, _ = await self.async_connect(LEAVE_COPY, index)
        snapshot = self.snapshots[index] = Snapshot(stream)
        await leaving
        snapshot.printed, outputs = await super().async_run_test(cell, index)
        return snapshot.printed, outputs

    run_test = run_sync(async_run_test)

    def run_in_full(self, cell: NotebookNode, index: int) -> None:
        """Run one of the instructor's cells, hidden tests and all."""
        if time.monotonic() > self.deadline:
            cell.outputs = [self.not_run()]
            return
        started = time.monotonic()
        snapshot = self.snapshots[index]
        with self.named_failures(cell, index):
            outputs = self.run_against(snapshot, cell, index)
        self.seconds[cell.metadata.nbgrader.grade_id] = round(time.monotonic() - started, 2)
        if is_grade(cell):
            cell.outputs = snapshot.printed + outputs

    async def async_run_against(self, snapshot: Snapshot, cell: NotebookNode, index: int) -> list[NotebookNode]:
        """Run a cell against a copy of the kernel, end the copy, and return the cell's outputs."""
        running = asyncio.ensure_future(self.async_outputs(cell, index, snapshot.stream))
        ended: set[asyncio.Future] = set()
        try:
            while not ended:
                ended, _ = await asyncio.wait({running}, timeout=1)
                await self._async_check_alive()
        finally:
            await asyncio.wait({running})
            snapshot.end()
        return running.result()

    run_against = run_sync(async_run_against)
