"""What grading a class came to, for the instructor's terminal and for a spreadsheet."""

import csv
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from lmkit.grading.execute import cell_name


@dataclass(frozen=True, kw_only=True)
class Result:
    """How the grading of one submission ended."""

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
    remarks = []
    for index, cell in enumerate(notebook.cells):
        for error in cell.get("outputs", []):
            if error.output_type != "error":
                continue
            name = cell_name(cell, index)
            if error.ename == "CellTimeoutError":
                remarks.append(f"timed out in cell {name}")
            elif error.ename == "ScoreError":
                remarks.append(f"cell {name}: {error.evalue}")
            elif not cell.metadata.get("nbgrader", {}).get("grade"):
                remarks.append(f"{error.ename} in cell {name}")
    more = f", and {len(remarks) - 1} more" if len(remarks) > 1 else ""
    return remarks[0] + more if remarks else ""


def read_remark(path: Path) -> str:
    """Sum up a graded notebook's file; see :func:`notebook_remark`."""
    return notebook_remark(nbformat.read(path, as_version=4))


def one_line(text: str, width: int = 100) -> str:
    r"""Make text that a student may have chosen fit for a terminal: one line, no control characters, not too long.

    Example:
        >>> one_line("a\x1b[2Jb\n")
        'a?[2Jb?'
    """
    line = "".join(c if c.isprintable() else "?" for c in text)
    return line if len(line) <= width else line[: width - 1] + "…"


def format_report(results: list[Result]) -> str:
    """Lay out a class as a table.

    Args:
        results: One for each submission.

    Returns:
        One line for each student, with the score or ``not graded``, and the remark.
    """
    width = max(len("student"), *(len(result.student) for result in results))
    lines = [f"{'student':<{width}}  {'score':>12}  remark"]
    for result in sorted(results, key=lambda result: result.student):
        score = "not graded" if result.score is None else f"{result.score:g} / {result.max_score:g}"
        by_hand = [f"{result.by_hand:g} points to give by hand"] if result.by_hand else []
        remark = "; ".join([part for part in [one_line(result.remark)] if part] + by_hand)
        lines.append(f"{one_line(result.student):<{width}}  {score:>12}  {remark}".rstrip())
    return "\n".join(lines)


def write_csv(exported: Path, path: Path, results: list[Result]) -> None:
    """Complete nbgrader's export: a column ``remark``, and no score where nothing was graded.

    Args:
        exported: What ``nbgrader export`` wrote.
        path: The file to write; it is replaced at once or not at all.
        results: One for each submission.
    """
    by_student = {result.student: result for result in results}
    with exported.open(newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        rows = list(reader)
        columns = [*(reader.fieldnames or []), "remark"]
    for row in rows:
        result = by_student.pop(row["student_id"], None)
        row["remark"] = one_line(result.remark) if result else "nothing handed in"
        if result and result.score is None:
            row |= {"raw_score": "", "score": ""}
    for result in by_student.values():  # the gradebook has never heard of these students
        rows.append({"student_id": result.student, "remark": one_line(result.remark)})
    temporary = path.with_suffix(".tmp")
    with temporary.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        writer.writerows(sorted(rows, key=lambda row: row["student_id"]))
    temporary.replace(path)
