"""``python -m lmkit.grading.exports ASSIGNMENT TABLE``: put scores into a table of Canvas or Moodle.

Both give out a table of their students and take it back with scores in it: Canvas by *Grades › Export*, Moodle by
*Download grading worksheet* of the assignment. So nobody has to type what their columns are called.
"""

import csv
import re
import sys
from dataclasses import dataclass
from pathlib import Path

import tyro

from lmkit.grading.table import TABLE, read_table

CANVAS_KEYS = ("ID", "SIS User ID", "SIS Login ID", "Student")
MOODLE_KEYS = ("Identifier", "ID number", "Email address", "Full name")


@dataclass(frozen=True, kw_only=True)
class Filled:
    """A table with scores in it.

    Example:
        >>> Filled(columns=["ID", "gpt"], rows=[{"ID": "7", "gpt": "12"}], missing=["ada"]).missing
        ['ada']
    """

    columns: list[str]
    rows: list[dict[str, str]]
    missing: list[str]
    """Students with a score who are not in the table."""


def fill_in(columns: list[str], rows: list[dict[str, str]], assignment: str, scores: dict[str, str]) -> Filled:
    """Put scores into a table of Canvas or Moodle.

    A row is a student's if one of its identifiers is the student's id, or is the number at the end of it, as in the ids
    that ``nbgrader zip_collect`` makes of the platforms' file names.

    Args:
        columns: Of the table.
        rows: Of the table.
        assignment: The assignment's name; in a table of Canvas its column may have a number in brackets behind it.
        scores: By the student's id.

    Returns:
        The table, with all its columns and rows.

    Raises:
        ValueError: If it is neither's table.

    Example:
        >>> fill_in(["Student", "ID"], [{"Student": "Lovelace, Ada", "ID": "71"}], "gpt", {"lovelaceada_71": "24"}).rows
        [{'Student': 'Lovelace, Ada', 'ID': '71', 'gpt': '24'}]
    """
    if {"Student", "ID"} <= set(columns):
        keys = CANVAS_KEYS
        pattern = re.compile(rf"{re.escape(assignment)}( \(\d+\))?")
        target = next((column for column in columns if pattern.fullmatch(column)), assignment)
    elif {"Identifier", "Grade"} <= set(columns):
        keys, target = MOODLE_KEYS, "Grade"
    else:
        raise ValueError(
            f"the table has the columns {', '.join(columns)}; Canvas' has Student and ID, Moodle's Identifier and Grade"
        )
    by_key: dict[str, str] = {}
    for student in scores:
        number = re.search(r"_(\d+)$", student)
        by_key |= {student.lower(): student} | ({number[1]: student} if number else {})
    filled, found = [], set()
    for row in rows:
        names = [row.get(key, "").removeprefix("Participant ").strip().lower() for key in keys]
        owner = next((by_key[name] for name in names if name in by_key), None)
        if owner is not None and row.get("Grade can be changed", "Yes") != "No":
            row = row | {target: scores[owner]}
            found.add(owner)
        filled.append(row)
    columns = columns if target in columns else [*columns, target]
    return Filled(columns=columns, rows=filled, missing=sorted(set(scores) - found))


def main(
    assignment: tyro.conf.Positional[str],
    table: tyro.conf.Positional[Path],
    to: Path | None = None,
    course: Path = Path(),
) -> int:
    """Put the scores of an assignment into a table that Canvas or Moodle has given out.

    Args:
        assignment: Name of the assignment, as in grades.csv.
        table: The table that was downloaded.
        to: The file to write; TABLE-filled.csv beside the table by default.
        course: Folder with grades.csv.

    Returns:
        Exit status: 0 if all scores found their row, 1 if some did not, 2 if the table cannot be used.
    """
    try:
        grades = read_table(course / TABLE)
        if not any(assignment in row for row in grades):
            raise ValueError(f"grades.csv has no column {assignment}")
        with table.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file)
            rows = list(reader)
        scores = {row["student_id"]: row[assignment] for row in grades if row[assignment]}
        filled = fill_in(list(reader.fieldnames or []), rows, assignment, scores)
    except (OSError, ValueError) as error:
        print(f"Nothing was written: {error}", file=sys.stderr)
        return 2
    path = to or table.with_name(f"{table.stem}-filled.csv")
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, filled.columns, restval="", extrasaction="ignore")
        writer.writeheader()
        writer.writerows(filled.rows)
    print(f"{len(scores) - len(filled.missing)} of {len(scores)} scores are in {path}.")
    if filled.missing:
        print(f"No row for {', '.join(filled.missing)}.")
    return 1 if filled.missing else 0


if __name__ == "__main__":
    sys.exit(tyro.cli(main))
