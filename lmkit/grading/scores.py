"""Read what a test cell ended in, where nbgrader would give full marks for anything that it cannot read."""

import math

from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader.preprocessors import NbGraderPreprocessor

from lmkit.grading.cells import is_test


def score_problem(values: list[str], points: float) -> str | None:
    """Check that what a test cell displayed is its score.

    Args:
        values: The text of each value that the cell ended in; normally none or one.
        points: The cell's full score.

    Returns:
        ``None`` if the score is clear, otherwise one line that says why it is not.

    Example:
        >>> score_problem(["1.5"], 2.0)
        >>> score_problem(["nan"], 2.0)
        'this test cell ended in nan; a score is a number from 0 to 2'
    """
    if len(values) > 1:
        return f"this test cell ended in {len(values)} values; a score is one number"
    if not values or values[0] == "True":
        return None
    try:
        score = float(values[0])
    except ValueError:
        score = math.nan
    if 0 <= score <= points:
        return None
    return f"this test cell ended in {values[0][:80]}; a score is a number from 0 to {points:g}"


class ReadScores(NbGraderPreprocessor):
    """Let only three things be a score: an error (none), silence or ``True`` (full), a number from 0 to the points.

    Anything else, such as ``False``, ``-1``, ``nan`` or ``tensor(1.)``, becomes an error with a message. It runs
    between ``Execute`` and ``SaveAutoGrades``.

    Example:
        >>> from nbformat.v4 import new_code_cell
        >>> about = {"grade": True, "solution": False, "grade_id": "f_visible", "points": 2}
        >>> cell = new_code_cell("3", metadata={"nbgrader": about})
        >>> cell.outputs = [new_output("execute_result", data={"text/plain": "3"})]
        >>> ReadScores().preprocess_cell(cell, {}, 0)[0].outputs[0].evalue
        'this test cell ended in 3; a score is a number from 0 to 2'
    """

    def preprocess_cell(self, cell: NotebookNode, resources: dict, cell_index: int) -> tuple[NotebookNode, dict]:
        """Make one test cell's outputs unambiguous."""
        if is_test(cell):
            results = [output for output in cell.outputs if output.output_type == "execute_result"]
            failed = any(output.output_type == "error" for output in cell.outputs)
            values = [output.data.get("text/plain", "a value without text") for output in results]
            problem = score_problem(values, cell.metadata.nbgrader.points)
            if failed or problem:
                # nbgrader looks at the first output that decides, so a value before the error would win
                cell.outputs = [output for output in cell.outputs if output.output_type != "execute_result"]
            if problem and not failed:
                cell.outputs.append(new_output("error", ename="ScoreError", evalue=problem, traceback=[problem]))
            if not failed and not problem and values == ["True"]:
                cell.outputs = [output for output in cell.outputs if output not in results]
        return cell, resources
