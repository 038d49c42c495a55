"""The course's table of scores: one row for each student, with all assignments."""

import csv
from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory

from lmkit.grading.keeping import replace_file
from lmkit.grading.records import Record, record_folder
from lmkit.grading.report import Result, no_formula, one_line

ABOUT = ("student_id", "last_name", "first_name", "email")
TABLE = Path("grades.csv")


def write_table(where: CourseDirectory, results: dict[str, list[Result]]) -> Path | None:
    """Write ``grades.csv`` into the course in the current folder, in full or not at all.

    There are three columns for an assignment: the score, which is empty where nothing was graded, the points that can
    be had, and the remark.

    Args:
        where: The course.
        results: What was graded now, by assignment; of other assignments, what gradebook and records say.

    Returns:
        Where the earlier table is, if it said something else, since a person may have written into it.
    """
    rows: dict[str, dict[str, str]] = {}
    with Gradebook(where.db_url, where.course_id) as gradebook:
        for student in gradebook.students:
            about = (student.id, student.last_name, student.first_name, student.email)
            rows[student.id] = {name: value or "" for name, value in zip(ABOUT, about, strict=True)}
        assignments = sorted(gradebook.assignments, key=lambda assignment: assignment.name)
        columns = [*ABOUT]
        for assignment in assignments:
            name, points = assignment.name, f"{assignment.max_score:g}"
            columns += [name, f"{name} points", f"{name} remark"]
            for row in rows.values():
                row |= {f"{name} points": points, f"{name} remark": "nothing handed in"}
            if name in results:
                found = [(result.student, result.score, result.remark) for result in results[name]]
            else:
                found = []
                for submission in assignment.submissions:
                    record = Record.load(record_folder(name, submission.student.id))
                    score = max(0.0, submission.score - (submission.late_submission_penalty or 0.0))
                    graded = record.problem is None
                    found.append((submission.student.id, score if graded else None, record.problem or record.remark))
            for student_id, score, remark in found:
                row = rows.setdefault(student_id, {"student_id": student_id, f"{name} points": points})
                row |= {name: "" if score is None else f"{score:g}", f"{name} remark": one_line(remark)}
    temporary = TABLE.with_suffix(".tmp")
    with temporary.open("w", newline="", encoding="utf-8", errors="replace") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        ordered = sorted(rows.values(), key=lambda row: row["student_id"])
        writer.writerows({column: no_formula(value) for column, value in row.items()} for row in ordered)
    return replace_file(temporary, TABLE.absolute())


def read_table(path: Path) -> list[dict[str, str]]:
    """Read a table of scores.

    Raises:
        ValueError: If it is not one.
    """
    with path.open(newline="", encoding="utf-8-sig") as file:
        reader = csv.DictReader(file)
        if "student_id" not in (reader.fieldnames or []):
            raise ValueError(f"{path.name} has no column student_id: it is not what `make grade` writes")
        return list(reader)
