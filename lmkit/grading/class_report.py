"""A report for the instructor: how hard each task was, how well it separates, and what the class believed."""

import html
import re
import statistics
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import is_grade, is_solution, is_task

from lmkit.grading.cells import released_cells
from lmkit.grading.records import Record, record_folder
from lmkit.grading.report import one_line

REPORTS = Path("reports")
ANSWERS = Path("tests/exercises")
"""Where the course has wrong answers whose messages are known, ``ASSIGNMENT/TASK/wrong_*.py``."""
HEADER = re.compile(r"^# (misconception|message): (.+)$", re.MULTILINE)


@dataclass(kw_only=True)
class TaskReport:
    """What a class made of one task."""

    name: str
    points: float
    scores: list[float]
    """Of each student whose work on it needs no mark by hand any more."""
    others: list[float]
    """Of the same students, for all other tasks."""
    seconds: list[float]
    """Of each student, for the task's tests."""
    beliefs: Counter[str] = field(default_factory=Counter)
    """How many students believed what."""

    @property
    def difficulty(self) -> float:
        """Mean share of the points: 1 if everybody has all of them."""
        return statistics.fmean(self.scores) / self.points if self.points and self.scores else float("nan")

    @property
    def discrimination(self) -> float | None:
        """Correlation between the scores for this task and for all others; ``None`` if one of them does not vary.

        Example:
            >>> TaskReport(name="f", points=2, scores=[0, 1, 2], others=[1, 2, 3], seconds=[]).discrimination
            1.0
        """
        if len(set(self.scores)) < 2 or len(set(self.others)) < 2:
            return None
        return statistics.correlation(self.scores, self.others)


def write_report(where: CourseDirectory, assignment: str, students: list[str]) -> None:
    """Write ``reports/ASSIGNMENT.html`` and ``.txt`` into the course in the current folder.

    Args:
        where: The course.
        assignment: The assignment's name.
        students: Those whose work was graded.
    """
    reports = class_report(where, assignment, students)
    REPORTS.mkdir(exist_ok=True)
    (REPORTS / f"{assignment}.txt").write_text(as_text(assignment, len(students), reports), encoding="utf-8")
    (REPORTS / f"{assignment}.html").write_text(as_html(assignment, len(students), reports), encoding="utf-8")


def class_report(where: CourseDirectory, assignment: str, students: list[str]) -> list[TaskReport]:
    """Sum up a class's work by task, in the assignment's order."""
    reports = []
    records = {student: Record.load(record_folder(assignment, student)) for student in students}
    with Gradebook(where.db_url, where.course_id) as gradebook:
        scores: dict[str, dict[str, float]] = {}
        waiting: dict[str, set[str]] = {}
        for submission in gradebook.find_assignment(assignment).submissions:
            grades = [grade for notebook in submission.notebooks for grade in notebook.grades]
            scores[submission.student.id] = {grade.name: grade.score for grade in grades}
            waiting[submission.student.id] = {grade.name for grade in grades if grade.needs_manual_grade}
        for notebook in gradebook.find_assignment(assignment).notebooks:
            for name, cells in tasks_of(gradebook, notebook.name, assignment).items():
                report = TaskReport(name=name, points=sum(cells.values()), scores=[], others=[], seconds=[])
                for student in students:
                    if not waiting[student] & cells.keys():
                        report.scores.append(sum(scores[student].get(cell, 0.0) for cell in cells))
                        report.others.append(sum(scores[student].values()) - report.scores[-1])
                    taken = [records[student].seconds[cell] for cell in cells if cell in records[student].seconds]
                    report.seconds += [sum(taken)] if taken else []
                known = misconceptions(ANSWERS / assignment / name)
                for record in records.values():
                    said = [record.messages[cell] for cell in cells if cell in record.messages]
                    report.beliefs.update(beliefs(said, known))
                reports.append(report)
    return reports


def tasks_of(gradebook: Gradebook, notebook: str, assignment: str) -> dict[str, dict[str, float]]:
    """Return the cells with points of each task: an answer's tests, or a question that a person marks."""
    tasks: dict[str, dict[str, float]] = {}
    answer = ""
    for name, cell in released_cells(gradebook, notebook, assignment).items():
        if is_solution(cell):
            answer = name
        if is_grade(cell) or is_task(cell):
            by_hand = is_task(cell) or is_solution(cell)
            tasks.setdefault(name if by_hand else answer or name, {})[name] = cell.metadata.nbgrader.points
    return tasks


def misconceptions(folder: Path) -> list[tuple[str, re.Pattern]]:
    """Read what is behind the wrong answers on file, and the messages by which they are recognised."""
    known = []
    for path in sorted(folder.glob("wrong_*.py")):
        header = dict(HEADER.findall(path.read_text(encoding="utf-8")))
        if {"misconception", "message"} <= header.keys():
            known.append((header["misconception"], re.compile(header["message"])))
    return known


def beliefs(messages: list[str], known: list[tuple[str, re.Pattern]]) -> set[str]:
    r"""Say what a student believed, from what the tests said.

    Args:
        messages: Of the tests of one task that failed.
        known: Misconceptions and their messages.

    Returns:
        The misconception whose message fits most closely; a message that fits none, as it is.

    Example:
        >>> known = [("the mean is the middle", re.compile("mean")), ("halves are lost", re.compile(r"mean is 1\.5"))]
        >>> beliefs(["AssertionError: the mean is 1.5"], known)
        {'halves are lost'}
    """
    found = set()
    for message in messages:
        fitting = [(len(match[0]), text) for text, pattern in known if (match := pattern.search(message))]
        closest = max((length for length, _ in fitting), default=0)
        names = sorted({text for length, text in fitting if length == closest})
        found.add(" or ".join(names) if names else one_line(message))
    if len(found) > 1:  # a test without a message, or one that shows nothing, says less than another
        found = {text for text in found if not re.fullmatch(r"\w*(Error|Exception):? ?", text)} or found
    return found


def rows(reports: list[TaskReport]) -> list[tuple[str, str, str, str, str]]:
    """Return name, points, difficulty, discrimination and the median and longest time of each task, as text."""
    lines = []
    for task in reports:
        separates = "-" if task.discrimination is None else f"{task.discrimination:+.2f}"
        taken = f"{statistics.median(task.seconds):.1f} / {max(task.seconds):.1f} s" if task.seconds else "-"
        given = f"{task.difficulty:.0%}" if task.scores else "not marked yet"
        lines.append((task.name, f"{task.points:g}", given, separates, taken))
    return lines


HEADINGS = ("task", "points", "points given", "discrimination", "time of tests")
NOTE = (
    "Points given: share of the task's points, on average. Discrimination: correlation with the score for all other "
    "tasks; below 0.2, look at the task. Time: median and longest."
)


def as_text(assignment: str, num_students: int, reports: list[TaskReport]) -> str:
    """Lay the report out for a terminal."""
    table = [HEADINGS, *rows(reports)]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    lines = [f"{assignment}: {num_students} submissions", ""]
    lines += ["  ".join(f"{text:<{width}}" for text, width in zip(row, widths, strict=True)).rstrip() for row in table]
    lines += ["", NOTE]
    for task in reports:
        if task.beliefs:
            lines += ["", f"{task.name}: what wrong answers believed"]
            lines += [f"  {count:>4}  {text}" for text, count in task.beliefs.most_common(5)]
    return "\n".join(lines) + "\n"


STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}"
    "table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #8886}"
    "meter{width:6rem}"
)


def as_html(assignment: str, num_students: int, reports: list[TaskReport]) -> str:
    """Lay the report out as a page that needs no other file."""
    parts = [f"<h1>{html.escape(assignment)}</h1><p>{num_students} submissions. {NOTE}</p><table><tr>"]
    parts += [f"<th>{heading}</th>" for heading in HEADINGS]
    for task, row in zip(reports, rows(reports), strict=True):
        name, points, share, separates, taken = map(html.escape, row)
        bar = f'<meter max="1" value="{task.difficulty:.3f}">{share}</meter> {share}' if task.scores else share
        parts.append("</tr><tr>" + "".join(f"<td>{cell}</td>" for cell in (name, points, bar, separates, taken)))
    parts.append("</tr></table>")
    for task in reports:
        if task.beliefs:
            items = "".join(f"<li>{count} × {html.escape(text)}</li>" for text, count in task.beliefs.most_common(5))
            parts.append(f"<h2>{html.escape(task.name)}: what wrong answers believed</h2><ul>{items}</ul>")
    head = f'<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>{html.escape(assignment)}</title>'
    return f"{head}<style>{STYLE}</style>{''.join(parts)}</html>\n"
