"""What grading a class came to, for the instructor's terminal and for a spreadsheet."""

from dataclasses import dataclass

from nbformat import NotebookNode
from nbgrader.utils import compute_checksum, is_grade, is_solution

from lmkit.grading.cells import defined_names, grade_id_of
from lmkit.grading.execute import cell_name


@dataclass(frozen=True, kw_only=True)
class Result:
    """How the grading of one submission ended.

    Example:
        >>> Result(student="ada", score=16, max_score=20, by_hand=4).remark
        ''
    """

    student: str
    """The student's id."""
    score: float | None
    """Points; ``None`` if the submission could not be graded."""
    max_score: float
    """Points of the assignment."""
    by_hand: float = 0.0
    """Points, part of ``max_score``, that wait for a person."""
    remark: str = ""
    """Why the submission was not graded, or what stood out when it ran."""


def notebook_remark(notebook: NotebookNode) -> str:
    """Sum up what went wrong in a graded notebook, other than failed tests.

    Args:
        notebook: As it was saved after grading.

    Returns:
        For example ``SyntaxError in cell count_ngrams``; empty if nothing stands out.
    """
    if notebook.metadata.get("cells_found") == 0:
        return "none of this assignment's answers and tests is in the notebook: is it another assignment's?"
    if nothing_answered(notebook):
        names = names_defined_in_added_cells(notebook)
        return "no answer cell was changed" + (f"; an added cell defines {first_of(names)}" if names else "")
    remarks = notebook.metadata.get("remarks", []) + error_remarks(notebook)
    return first_of(remarks) if remarks else ""


def first_of(items: list[str]) -> str:
    """Name the first of several things and count the others.

    Example:
        >>> first_of(["mean", "count", "mode"])
        'mean, and 2 more'
    """
    return items[0] + (f", and {len(items) - 1} more" if len(items) > 1 else "")


def error_remarks(notebook: NotebookNode) -> list[str]:
    """Name the errors that explain a score, the weightiest first.

    An error in a cell that is neither an answer nor a test mostly follows from an answer; it counts if it is alone.
    """
    tampering, remarks, others = [], [], []
    for index, cell in enumerate(notebook.cells):
        for error in cell.get("outputs", []):
            if error.output_type != "error":
                continue
            name = cell_name(cell, index)
            if error.ename == "TamperingError":
                tampering.append(f"cell {name}: {error.evalue}")
            elif error.ename == "CellTimeoutError":
                remarks.append(f"timed out in cell {name}")
            elif error.ename == "ScoreError":
                remarks.append(f"cell {name}: {error.evalue}")
            elif grade_id_of(cell) is None:
                others.append(f"{error.ename} in cell {name}")
            elif not is_grade(cell):
                remarks.append(f"{error.ename} in cell {name}")
    failed_tests = any(
        is_grade(cell) and any(output.output_type == "error" for output in cell.get("outputs", []))
        for cell in notebook.cells
    )
    return tampering + remarks or ([] if failed_tests else others)


def nothing_answered(notebook: NotebookNode) -> bool:
    """Say whether all cells for answers are as they were released."""
    answers = [cell for cell in notebook.cells if is_solution(cell)]
    return bool(answers) and all(cell.metadata.nbgrader.get("checksum") == compute_checksum(cell) for cell in answers)


def names_defined_in_added_cells(notebook: NotebookNode) -> list[str]:
    """List the functions and classes that an answer should define and that a cell outside the assignment defines."""
    wanted = {name for cell in notebook.cells if is_solution(cell) for name in defined_names(cell)}
    added = [name for cell in notebook.cells if grade_id_of(cell) is None for name in defined_names(cell)]
    return [name for name in dict.fromkeys(added) if name in wanted]


def one_line(text: str, width: int = 100) -> str:
    r"""Make text that a student may have chosen fit for a terminal: one line, no control characters, not too long.

    Example:
        >>> one_line("a\x1b[2Jb\n")
        'a?[2Jb?'
    """
    line = "".join(c if c.isprintable() else "?" for c in text)
    return line if len(line) <= width else line[: width - 1] + "…"


def no_formula(text: str) -> str:
    """Keep a spreadsheet from calculating what a student may have chosen.

    Example:
        >>> no_formula("=HYPERLINK(1)"), no_formula("-0.5")
        ("'=HYPERLINK(1)", '-0.5')
    """
    try:
        float(text)
    except ValueError:
        return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
    return text


def format_report(results: list[Result]) -> str:
    """Lay out a class as a table.

    Args:
        results: One for each submission.

    Returns:
        One line for each student, with the score or ``not graded``, and the remark.

    Example:
        >>> ada = Result(student="ada", score=16, max_score=20, by_hand=4)
        >>> print(format_report([ada, Result(student="bob", score=None, max_score=20, remark="gpt.ipynb is missing")]))
        student         score  remark
        ada           16 / 20  4 points to give by hand
        bob        not graded  gpt.ipynb is missing
    """
    width = max(len("student"), *(len(result.student) for result in results))
    lines = [f"{'student':<{width}}  {'score':>12}  remark"]
    for result in sorted(results, key=lambda result: result.student):
        score = "not graded" if result.score is None else f"{result.score:g} / {result.max_score:g}"
        by_hand = [f"{result.by_hand:g} points to give by hand"] if result.by_hand else []
        remark = "; ".join([part for part in [one_line(result.remark)] if part] + by_hand)
        lines.append(f"{one_line(result.student):<{width}}  {score:>12}  {remark}".rstrip())
    return "\n".join(lines)
