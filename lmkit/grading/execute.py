"""Run a submission, whatever it does: bounded time, bounded output, and a name for what stopped it."""

import secrets
import time
from typing import Any

from jupyter_client.manager import AsyncKernelManager
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_output
from nbgrader.preprocessors import Execute
from traitlets import Integer

from lmkit.grading.cells import is_test
from lmkit.grading.sandbox import SandboxedKernelManager, sandbox_problem

CUT = "\n(more output than is kept)\n"
TAMPERED = "the notebook changes how Python runs"


class SubmissionError(Exception):
    """A submission cannot be graded; the message says why, for the instructor's report."""


def cell_name(cell: NotebookNode, index: int) -> str:
    """Name a cell as people do: by its grade id if it has one, otherwise by its place.

    Args:
        cell: A cell of a notebook.
        index: Its place, from 0.

    Returns:
        For example ``count_ngrams`` or ``number 3``.
    """
    return cell.metadata.get("nbgrader", {}).get("grade_id") or f"number {index + 1}"


def failing_test(test: str, message: str) -> str:
    """Make of a test one that must fail at once, and that looks much like it to code that meddles with tests.

    Args:
        test: The test cell's source.
        message: What the failed assertion says.

    Returns:
        An assertion that does not hold, followed by the test where Python allows that.
    """
    first_line_counts = test.startswith("%%") or "__future__" in test
    assertion = f"assert {secrets.randbelow(1000)} == {1000 + secrets.randbelow(1000)}, {message!r}\n"
    return assertion if first_line_counts else assertion + test


class SandboxedExecute(Execute):
    """nbgrader's ``Execute`` in a sandbox where the machine has one, with limits on the whole notebook.

    An answer can change how Python runs what comes after it, for example so that ``assert`` does nothing. There are
    too many ways to close them one by one. So a test that must fail runs before and after each test, and if it does
    not fail, the test counts as failed.
    """

    notebook_timeout = Integer(
        240, help="Seconds for all cells together; when they are used up, each further cell gets one second."
    ).tag(config=True)
    max_output = Integer(1_000_000, help="Characters of output that are kept of one cell, pictures included.").tag(
        config=True
    )

    def __init__(self, **kwargs: Any) -> None:
        manager = AsyncKernelManager if sandbox_problem() else SandboxedKernelManager
        super().__init__(kernel_manager_class=manager, **kwargs)

    def preprocess(self, nb: NotebookNode, resources: dict, km: Any = None) -> tuple[NotebookNode, dict]:
        """Run all cells in order."""
        self.deadline = time.monotonic() + self.notebook_timeout
        return super().preprocess(nb, resources, km)

    def preprocess_cell(self, cell: NotebookNode, resources: dict, index: int) -> tuple[NotebookNode, dict]:
        """Run one cell, and name it if the kernel does not survive it."""
        self.room = self.max_output
        try:
            problem = self._meddling(cell, index)
            if problem is None:
                super().preprocess_cell(cell, resources, index)
                problem = self._meddling(cell, index)
            if problem is not None:
                cell.outputs.append(problem)
            return cell, resources
        except DeadKernelError:
            raise SubmissionError(f"the kernel died in cell {cell_name(cell, index)}") from None
        except CellTimeoutError:
            name = cell_name(cell, index)
            raise SubmissionError(f"timed out in cell {name} and could not be interrupted") from None

    def _meddling(self, cell: NotebookNode, index: int) -> NotebookNode | None:
        """Return an error if a test that has not failed could not have failed."""
        if not is_test(cell) or any(output.output_type == "error" for output in cell.outputs):
            return None
        message = secrets.token_hex(8)
        trial = new_code_cell(failing_test(cell.source, message))
        self.execute_cell(trial, index)
        self.nb.cells[index] = cell  # where nbclient has put the trial
        errors = [output for output in trial.outputs if output.output_type == "error"]
        if any(error.evalue == message for error in errors):
            return None
        late = [error for error in errors if error.ename == "CellTimeoutError"]
        what = f"{TAMPERED}: a test that must fail did not fail here"
        return late[0] if late else new_output("error", ename="TamperingError", evalue=TAMPERED, traceback=[what])

    def _get_timeout(self, cell: NotebookNode | None) -> int:
        return max(1, min(self.timeout, round(self.deadline - time.monotonic())))

    def process_message(self, msg: dict[str, Any], cell: NotebookNode, cell_index: int) -> NotebookNode | None:
        """Take in one message of the kernel, cut to the room that is left."""
        content, kind = msg["content"], msg["msg_type"]
        if kind.startswith("comm"):
            return None  # widgets have no place in a graded notebook
        if kind == "error":  # always kept: it decides the score
            content["evalue"] = content["evalue"][: self.max_output]
            content["traceback"] = [line[: self.max_output] for line in content["traceback"][-100:]]
        elif kind == "execute_result":  # always kept, for the same reason
            if len(str(content["data"])) > self.max_output:
                content["data"] = {"text/plain": CUT.strip()}
        elif kind in ("stream", "display_data", "update_display_data"):
            if self.room == 0:
                return None
            size = len(str(content))
            if size > self.room:
                kept = content["text"][: self.room] if kind == "stream" else ""
                name = content.get("name", "stdout")
                msg = msg | {"msg_type": "stream", "content": {"name": name, "text": kept + CUT}}
            self.room = max(0, self.room - size)
        return super().process_message(msg, cell, cell_index)
