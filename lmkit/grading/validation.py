"""What *Validate* tells a student: which test failed, then its message. The test's code stays in the notebook."""

from typing import Any

from nbconvert.filters import strip_ansi
from nbformat import NotebookNode
from nbgrader import utils


def put_message_first(cell: NotebookNode, cell_index: int, execute_reply: dict[str, Any]) -> None:
    """Shorten what nbgrader's validator shows of a test that failed.

    nbclient calls this after a cell that ended with an error (``c.Validator.Execute.on_cell_error``). A test cell that
    somebody edited is left alone: the validator reports the change, and recognises it by the checksum.

    Args:
        cell: The cell with its outputs; its source and the traceback are replaced.
        cell_index: Its place in the notebook.
        execute_reply: The kernel's reply.
    """
    if not utils.is_grade(cell) or cell.metadata.nbgrader.get("checksum") != utils.compute_checksum(cell):
        return
    del cell.metadata.nbgrader["checksum"]
    cell.source = f"{cell.metadata.nbgrader.grade_id} (the code of this test is in the notebook)"
    for output in cell.outputs:
        if output.output_type == "error":
            message = f"{output.ename}: {output.evalue or 'there is no answer yet'}"
            output.traceback = [message] if output.evalue == "" else [message, *_frames_of_the_answer(output.traceback)]


def _frames_of_the_answer(traceback: list[str]) -> list[str]:
    """The parts of IPython's traceback that are not about the test cell, which comes first after two lines of title."""
    frames = traceback[2:-1]
    places = [strip_ansi(frame).split(",")[0] for frame in frames]
    kept = [frame for frame, place in zip(frames, places, strict=True) if place != places[0]]
    return ["", *kept] if kept else []
