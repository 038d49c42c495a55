"""Run a submission, whatever it does: its cells in its own kernel, and the tests in a process that it cannot reach.

The student's kernel runs the notebook from the top. Where a test comes, the kernel only answers calls: the test runs
beside it in the process of :mod:`lmkit.grading.trusted`, where each function of an answer cell is a stand-in that sends
its arguments to the student's kernel and gets plain data back. So what a student's code does to Python, to the packages
that tests use or to the kernel's messages, it does to itself; a score is made where none of it is.
"""

import asyncio
import contextlib
import shutil
import socket
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
from jupyter_client.manager import AsyncKernelManager
from jupyter_core.utils import run_sync
from nbclient.exceptions import CellExecutionComplete, CellTimeoutError, DeadKernelError
from nbclient.util import ensure_async
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_output
from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import Execute
from nbgrader.utils import is_grade, is_locked
from traitlets import Bool, Float, Integer

from lmkit.grading.cells import declared_functions, declared_trials, imported_modules, released_cells
from lmkit.grading.channel.serving import socket_name
from lmkit.grading.channel.testing import LATE
from lmkit.grading.outputs import safe_output
from lmkit.grading.sandbox import LMKIT, SandboxedKernelManager, sandbox_problem
from lmkit.grading.trusted import Tests

CUT = "\n(more output than is kept)\n"
CONNECT = "import lmkit.grading.channel.serving as _; _."
SERVE, LEAVE_COPY = (CONNECT + name + "({path!r}, globals())" for name in ("serve", "leave_copy"))
EXCESS = "the notebook took more than"
FORGED = "the notebook sends messages of its own to the grader"
NOT_IN_A_LATER_CELL = ("error", "execute_input", "execute_reply", "execute_result")


def excess(pid: int, folder: Path, memory_gib: float, disk_gib: float) -> str | None:
    """Say which of a sandbox's limits its processes have passed together; ``None`` if none."""
    processes: list[psutil.Process] = []
    with contextlib.suppress(psutil.Error):
        processes = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    limit = memory_gib * 2**30
    if memory(processes, "rss") > limit and memory(processes, "pss") > limit:  # the latter takes long to find
        return f"{EXCESS} {memory_gib:g} GiB of memory"
    with contextlib.suppress(OSError):
        if sum(path.lstat().st_size for path in folder.rglob("*")) > disk_gib * 2**30:
            return f"{EXCESS} {disk_gib:g} GiB of files"
    return None


def memory(processes: list[psutil.Process], kind: str) -> int:
    """Add up the memory of processes.

    Args:
        processes: Those that have ended take none.
        kind: ``"rss"``, where what they share counts for each, or ``"pss"``, where it counts once. Where the system
            does not tell the latter, it is the former.

    Returns:
        Bytes.
    """
    total = 0
    for process in processes:
        with contextlib.suppress(psutil.Error):
            about = process.memory_info()
            with contextlib.suppress(psutil.AccessDenied):
                about = process.memory_full_info() if kind == "pss" else about
            total += getattr(about, kind, about.rss)
    return total


class SubmissionError(Exception):
    """A submission cannot be graded; the message says why, for the instructor's report."""


def cell_name(cell: NotebookNode, index: int) -> str:
    """Name a cell as people do: by its grade id if it has one, otherwise by its position.

    Args:
        cell: A cell of a notebook.
        index: Its position, from 0.

    Returns:
        For example ``count_ngrams`` or ``number 3``.
    """
    return cell.metadata.get("nbgrader", {}).get("grade_id") or f"number {index + 1}"


class SandboxedExecute(Execute):
    """nbgrader's ``Execute`` with two processes, in sandboxes where the machine has one, and limits on the notebook.

    Example:
        Its limits are settings of ``nbgrader_config.py``:

        >>> from traitlets.config import Config
        >>> SandboxedExecute(config=Config(SandboxedExecute={"notebook_timeout": 60})).notebook_timeout
        60
    """

    notebook_timeout = Integer(240, help="Seconds for all cells together; then nothing more runs.").tag(config=True)
    max_output = Integer(1_000_000, help="Characters of output that are kept of one cell, pictures included.").tag(
        config=True
    )

    max_memory_gib = Float(4, help="Memory of all of a notebook's processes together.").tag(config=True)
    max_disk_gib = Float(1, help="Files that a notebook may have written.").tag(config=True)
    unsafe = Bool(False, help="Run students' code with your own rights where there is no sandbox.").tag(config=True)

    def __init__(self, **kwargs: Any) -> None:
        if sandbox_problem():
            super().__init__(kernel_manager_class=AsyncKernelManager, **kwargs)
        else:  # what runs in a sandbox ends with it, and has nothing to put in order
            super().__init__(kernel_manager_class=SandboxedKernelManager, shutdown_kernel="immediate", **kwargs)

    def preprocess(self, nb: NotebookNode, resources: dict, km: Any = None) -> tuple[NotebookNode, dict]:
        """Run all cells in order."""
        problem = sandbox_problem()
        if problem and not self.unsafe:
            raise SubmissionError(f"there is no sandbox to run it in ({problem}), and --unsafe was not given")
        at = resources["nbgrader"]
        with Gradebook(at["db_url"]) as gradebook:
            released = [*released_cells(gradebook, at["notebook"], at["assignment"]).values()]
        self.functions = declared_functions(released, self.trials(at))
        self.modules = [module for cell in released if is_locked(cell) for module in imported_modules(cell)]
        uses_lmkit = any(module.partition(".")[0] == "lmkit" for module in self.modules)
        self.hidden = LMKIT / "grading" if uses_lmkit else LMKIT
        self.deadline = time.monotonic() + self.notebook_timeout
        self.finished: set[str] = set()
        self.interrupted = False
        self.remarks: list[str] = []
        self.seconds: dict[str, float] = {}
        with self.open_tests(), self.released_files(resources):
            super().preprocess(nb, resources, km)
        nb.metadata.seconds = self.seconds
        if self.remarks:
            nb.metadata.remarks = [*dict.fromkeys(self.remarks)]
        return nb, resources

    @contextlib.contextmanager
    def open_tests(self) -> Iterator[None]:
        """Give the notebook's tests a new process."""
        self.tests = Tests.get().open(self.functions, self.modules)
        with contextlib.closing(self.tests):
            yield

    def trials(self, at: dict[str, str]) -> dict[str, dict[str, Any]]:
        """Read what the source declares of its functions; nothing where the course has no source."""
        course = CourseDirectory(config=self.config)
        folder = Path(course.format_path(course.source_directory, ".", at["assignment"]))
        source = folder / f"{at['notebook']}.ipynb"
        return declared_trials(source) if source.exists() else {}

    @contextlib.contextmanager
    def released_files(self, resources: dict) -> Iterator[None]:
        """Let the notebook find the assignment's files beside it, and no others; name the others in the report."""
        course = CourseDirectory(config=self.config)
        source = Path(course.format_path(course.source_directory, ".", resources["nbgrader"]["assignment"]))
        handed_in = Path(resources["metadata"]["path"])
        with tempfile.TemporaryDirectory(prefix="files-") as folder:
            released = {path.relative_to(source) for path in source.rglob("*") if path.suffix != ".ipynb"}
            for path in sorted(path for path in released if (source / path).is_file()):
                (folder / path).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(source / path, folder / path)
            present = {path.relative_to(handed_in) for path in handed_in.rglob("*") if path.suffix != ".ipynb"}
            others = sorted(str(path) for path in present - released - {Path("timestamp.txt")})
            if others:
                self.remarks.append(f"files that are not part of the assignment were left out: {', '.join(others)}")
            resources["metadata"]["path"] = folder
            try:
                yield
            finally:
                resources["metadata"]["path"] = str(handed_in)

    def create_kernel_manager(self) -> Any:
        """Make the manager of the student's kernel.

        In a sandbox, lmkit is hidden from that kernel (only ``lmkit.grading`` if given cells import lmkit), and PyTorch
        is loaded before the notebook if given cells import it.
        """
        km = super().create_kernel_manager()
        km.hidden = self.hidden
        km.modules = [module for module in self.modules if module.partition(".")[0] == "torch"]
        return km

    def preprocess_cell(self, cell: NotebookNode, resources: dict, index: int) -> tuple[NotebookNode, dict]:
        """Run one cell where it belongs, and name it if the kernel does not survive it."""
        if cell.cell_type != "code":
            return cell, resources
        if time.monotonic() > self.deadline:
            cell.outputs = [self.not_run()]
            return cell, resources
        self.room = self.max_output
        with self.named_failures(cell, index):
            if not (is_locked(cell) and is_grade(cell)):
                super().preprocess_cell(cell, resources, index)
            if is_locked(cell):
                started = time.monotonic()
                printed, outputs = self.run_test(cell, index)
                self.seconds[cell.metadata.nbgrader.grade_id] = round(time.monotonic() - started, 2)
                if is_grade(cell):
                    cell.outputs = printed + outputs
        return cell, resources

    def not_run(self) -> NotebookNode:
        """Make the output of a cell for which there is no time."""
        text = f"not run: the notebook's {self.notebook_timeout} seconds are used up"
        return new_output("error", ename=LATE, evalue=text, traceback=[text])

    @contextlib.contextmanager
    def named_failures(self, cell: NotebookNode, index: int) -> Iterator[None]:
        """Name the cell that a kernel does not survive."""
        try:
            yield
        except DeadKernelError:
            reason = "".join(f": {remark}" for remark in self.remarks if remark.startswith(EXCESS))
            raise SubmissionError(f"the kernel died in cell {cell_name(cell, index)}{reason}") from None
        except CellTimeoutError:
            name = cell_name(cell, index)
            raise SubmissionError(f"timed out in cell {name} and could not be interrupted") from None

    async def async_run_test(self, cell: NotebookNode, index: int) -> tuple[list[NotebookNode], list[NotebookNode]]:
        """Run a cell of the instructor's in the process for tests, while the student's kernel answers calls.

        Returns:
            What the student's functions have printed, and the cell's outputs.
        """
        while await self.kc.shell_channel.msg_ready():
            msg = await self.kc.shell_channel.get_msg()
            if msg["msg_type"] == "execute_reply" and not self.interrupted:  # after a timeout the true reply comes late
                self.remarks.append(FORGED)
        if max(getattr(self.kc.shell_channel, "replies", {}).values(), default=0) > 1:
            self.remarks.append(FORGED)
        student, serving, scratch = await self.async_connect(SERVE, index)
        outputs = await self.async_outputs(cell, index, student)
        await serving
        self.nb.cells[index] = cell  # where nbclient has put the other
        return [output for output in scratch.outputs if output.output_type == "stream"], outputs

    run_test = run_sync(async_run_test)

    async def async_connect(
        self, source: str, index: int
    ) -> tuple[socket.socket | None, asyncio.Future[NotebookNode], NotebookNode]:
        """Run a line in the student's kernel that connects to the grader.

        Args:
            source: The line, with a place for the path of the grader's socket.
            index: Position of the cell for which it runs.

        Returns:
            The connection, or ``None`` if there is none; the line's run, which may go on; and the line's cell.
        """
        folder = tempfile.TemporaryDirectory(prefix="calls-", dir=getattr(self.km, "private_folder", None))
        with folder, socket.socket(socket.AF_UNIX) as listener:
            path = Path(folder.name) / "calls"
            with socket_name(path) as name:
                listener.bind(name)
            listener.listen()
            listener.setblocking(False)
            scratch = new_code_cell(source.format(path=str(path)))
            running = asyncio.ensure_future(self.async_execute_cell(scratch, index, store_history=False))
            connecting = asyncio.ensure_future(asyncio.get_running_loop().sock_accept(listener))
            await asyncio.wait({running, connecting}, return_when=asyncio.FIRST_COMPLETED)
            student = connecting.result()[0] if connecting.done() else None
            connecting.cancel()
        return student, running, scratch

    async def async_outputs(self, cell: NotebookNode, index: int, student: socket.socket | None) -> list[NotebookNode]:
        """Run a cell of the instructor's against a process of the student's, and return its outputs."""
        seconds = self._get_timeout(cell)
        running = asyncio.get_running_loop().run_in_executor(None, self.tests.run, cell.source, seconds, student)
        outputs = await running
        if outputs is None:
            raise SubmissionError(f"the test in cell {cell_name(cell, index)} could not be stopped")
        return [safe_output(self.cut(output)) for output in outputs]

    async def _async_check_alive(self) -> None:
        """Look once a second whether the kernel lives, and end one that takes too much of the machine."""
        process = getattr(getattr(self.km, "provisioner", None), "process", None)
        if process is not None and hasattr(self.km, "private_folder"):
            too_much = excess(process.pid, self.km.private_folder, self.max_memory_gib, self.max_disk_gib)
            if too_much:
                self.remarks.append(too_much)
                process.kill()
        await super()._async_check_alive()

    def cut(self, output: dict[str, Any]) -> NotebookNode:
        """Shorten an output of a test, which may show what a student's function has returned."""
        if output["output_type"] == "stream":
            output["text"] = output["text"][: self.max_output]
        elif output["output_type"] == "error":
            output["evalue"] = output["evalue"][: self.max_output]
            output["traceback"] = [line[: self.max_output] for line in output["traceback"][-100:]]
        return NotebookNode(output)

    def _get_timeout(self, cell: NotebookNode | None) -> int:
        left = max(1, min(self.timeout, round(self.deadline - time.monotonic())))
        serving = cell is not None and "nbgrader" not in cell.metadata and cell.source.startswith(CONNECT)
        return left + 1 if serving else left  # the test ends first

    async def _async_handle_timeout(self, timeout: int, cell: NotebookNode | None = None) -> Any:
        self.interrupted = True
        return await super()._async_handle_timeout(timeout, cell)

    async def _async_poll_output_msg(self, parent_msg_id: str, cell: NotebookNode, cell_index: int) -> None:
        """Read a cell's messages; one that belongs to a cell that has ended is a forgery or follows one."""
        while True:
            msg = await ensure_async(self.kc.iopub_channel.get_msg(timeout=None))
            parent = msg["parent_header"].get("msg_id")
            if parent == parent_msg_id:
                try:
                    self.process_message(msg, cell, cell_index)
                except CellExecutionComplete:
                    self.finished.add(parent_msg_id)
                    return
            elif parent in self.finished and msg["msg_type"] in NOT_IN_A_LATER_CELL:
                self.remarks.append(FORGED)

    def process_message(self, msg: dict[str, Any], cell: NotebookNode, cell_index: int) -> NotebookNode | None:
        """Take in one message of the kernel, cut to the room that is left."""
        content, kind = msg["content"], msg["msg_type"]
        if kind in ("execute_reply", "input_request"):
            self.remarks.append(FORGED)
            return None
        if kind.startswith("comm") or kind == "update_display_data":
            return None  # widgets have no place in a graded notebook, nor has what changes an earlier cell's output
        content.pop("transient", None)
        if kind == "error":  # always kept: it decides the score
            content["evalue"] = content["evalue"][: self.max_output]
            content["traceback"] = [line[: self.max_output] for line in content["traceback"][-100:]]
        elif kind == "execute_result":  # always kept, for the same reason
            if len(str(content["data"])) > self.max_output:
                content["data"] = {"text/plain": CUT.strip()}
        elif kind in ("stream", "display_data"):
            if self.room == 0:
                return None
            size = len(str(content))
            if size > self.room:
                kept = content["text"][: self.room] if kind == "stream" else ""
                name = content.get("name", "stdout")
                stream = {"msg_type": "stream"}
                msg = msg | stream | {"header": msg["header"] | stream, "content": {"name": name, "text": kept + CUT}}
            self.room = max(0, self.room - size)
        before = len(cell.outputs)
        try:
            return super().process_message(msg, cell, cell_index)
        finally:
            cell.outputs[before:] = map(safe_output, cell.outputs[before:])
            if type(cell.get("execution_count")) is not int:
                cell.execution_count = None
