"""Tell the gradebook what an assignment's cells are now, also when they have changed after work was handed in."""

import contextlib
import os
import sqlite3
import sys
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

from nbgrader.api import (
    Comment,
    Grade,
    Gradebook,
    GradeCell,
    MissingEntry,
    Notebook,
    SolutionCell,
    SourceCell,
    SubmittedNotebook,
    TaskCell,
)
from nbgrader.apps import GenerateAssignmentApp
from nbgrader.coursedir import CourseDirectory

from lmkit.grading.commands import run_command
from lmkit.grading.course import GradingError, source_folder
from lmkit.grading.keeping import free_name
from lmkit.grading.records import RECORDS, Record, digest_files, record_folder

KINDS = {"grade_cells": GradeCell, "solution_cells": SolutionCell, "task_cells": TaskCell}
WITH_POINTS, WITH_COMMENT = ("grade_cells", "task_cells"), ("solution_cells", "task_cells")


def register(where: CourseDirectory, assignment: str) -> Path | None:
    """Give the gradebook the cells of an assignment's source; the release that this makes is thrown away.

    nbgrader refuses when cells were added or removed after work was handed in. Here they are added to what was handed
    in, or removed from it, and marks for cells whose points have changed are withdrawn.

    Args:
        where: The course in the current folder.
        assignment: The assignment's name.

    Returns:
        A copy of the gradebook as it was, if marks or scores in it no longer count.

    Raises:
        GradingError: If the source cannot be released.
    """
    # nbgrader makes a gradebook with the command alembic, which lies beside Python
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    known = RECORDS / assignment / "source.txt"
    source = digest_files([source_folder(where, assignment), Path("nbgrader_config.py")])
    kept = None
    with tempfile.TemporaryDirectory() as folder:
        with Gradebook(where.db_url, where.course_id) as gradebook:
            try:
                handed_in = len(gradebook.find_assignment(assignment).submissions)
            except MissingEntry:
                handed_in = 0
            else:
                if known.exists() and known.read_text(encoding="utf-8") == source:
                    return None
        fresh_url = f"sqlite:///{folder}/gradebook.db"
        release(assignment, Path(folder), fresh_url)
        if handed_in:
            with Gradebook(where.db_url, where.course_id) as gradebook, Gradebook(fresh_url) as fresh:
                if cells_of(gradebook, assignment) != cells_of(fresh, assignment):
                    kept = keep_gradebook(where)
                    follow(gradebook, fresh, assignment)
        release(assignment, Path(folder), where.db_url)
    known.parent.mkdir(parents=True, exist_ok=True)
    known.write_text(source, encoding="utf-8")
    return kept


def release(assignment: str, folder: Path, db_url: str) -> None:
    """Run nbgrader's ``generate_assignment`` on a gradebook."""
    arguments = [assignment, "--force", f"--CourseDirectory.release_directory={folder}/release", f"--db={db_url}"]
    problem = run_command(GenerateAssignmentApp, arguments)
    if problem:
        raise GradingError(f"{assignment} cannot be released: {problem}")


def cells_of(gradebook: Gradebook, assignment: str) -> dict[tuple[str, str, str], tuple[float | None, str | None]]:
    """Return the points and the type of each cell of an assignment, by notebook, kind and name."""
    return {
        (notebook.name, kind, cell.name): (getattr(cell, "max_score", None), getattr(cell, "cell_type", None))
        for notebook in gradebook.find_assignment(assignment).notebooks
        for kind in (*KINDS, "source_cells")
        for cell in getattr(notebook, kind)
    }


def keep_gradebook(where: CourseDirectory) -> Path | None:
    """Copy the gradebook as it is, if it is a file."""
    path = Path(where.db_url.removeprefix("sqlite:///"))
    if not path.is_file():
        return None
    kept = free_name(path, datetime.now())
    with contextlib.closing(sqlite3.connect(path)) as old, contextlib.closing(sqlite3.connect(kept)) as copy:
        old.backup(copy)
    return kept


def follow(gradebook: Gradebook, fresh: Gradebook, assignment: str) -> None:
    """Change an assignment's cells, and the grades in its submissions, to those of another gradebook, all at once."""
    db = gradebook.db
    registered = gradebook.find_assignment(assignment)
    wanted = {notebook.name: notebook for notebook in fresh.find_assignment(assignment).notebooks}
    for notebook in list(registered.notebooks):
        if notebook.name not in wanted:
            for kind in KINDS:
                drop(db, getattr(notebook, kind))
            for unwanted in [*notebook.source_cells, *notebook.submissions, notebook]:
                db.delete(unwanted)
    present = {notebook.name: notebook for notebook in registered.notebooks if notebook.name in wanted}
    for name, model in wanted.items():
        if name not in present:
            present[name] = Notebook(name=name, assignment=registered, kernelspec=model.kernelspec)
            db.add(present[name])
        follow_notebook(db, present[name], model, assignment)
    db.flush()
    db.expire_all()  # lists of cells still hold those that were deleted
    for submission in registered.submissions:
        handed = {notebook.name: notebook for notebook in submission.notebooks}
        for name, notebook in present.items():
            complete(db, handed.get(name) or SubmittedNotebook(notebook=notebook, assignment=submission), notebook)
    db.commit()


def follow_notebook(db: Any, notebook: Notebook, model: Notebook, assignment: str) -> None:
    """Give one notebook of the gradebook the cells of another."""
    for kind, kind_of_cell in KINDS.items():
        cells = {cell.name: cell for cell in getattr(notebook, kind)}
        models = {cell.name: cell for cell in getattr(model, kind)}
        drop(db, [cell for name, cell in cells.items() if name not in models])
        for name, new in models.items():
            about = {"max_score": new.max_score, "cell_type": new.cell_type} if kind in WITH_POINTS else {}
            if name not in cells:
                db.add(kind_of_cell(name=name, notebook=notebook, **about))
            elif about and (cells[name].max_score, cells[name].cell_type) != (new.max_score, new.cell_type):
                for grade in cells[name].grades:
                    withdraw(grade, new.max_score, assignment)
                cells[name].max_score, cells[name].cell_type = new.max_score, new.cell_type
    for cell in list(notebook.source_cells):
        db.delete(cell)
    db.flush()
    for cell in model.source_cells:  # in the notebook's order
        columns = ("name", "cell_type", "locked", "source", "checksum")
        db.add(SourceCell(notebook=notebook, **{column: getattr(cell, column) for column in columns}))


def withdraw(grade: Grade, points: float, assignment: str) -> None:
    """Take back a score that was given out of other points, and note the mark in the submission's record."""
    if grade.manual_score is not None:
        folder = record_folder(assignment, grade.student.id)
        record = Record.load(folder)
        mark = f"{grade.manual_score:g} of {grade.max_score:g}"
        record.mark_again[grade.name] = f"{grade.name} had {mark} and is now out of {points:g}: mark it again"
        record.save(folder)
    grade.auto_score = grade.manual_score = None
    grade.needs_manual_grade = True


def drop(db: Any, cells: list) -> None:
    """Delete cells with all grades and comments for them."""
    for cell in list(cells):
        for dependent in [*(cell.grades or []), *(cell.comments or []), cell]:
            db.delete(dependent)


def complete(db: Any, handed: SubmittedNotebook, notebook: Notebook) -> None:
    """Give a submission's notebook the grades and comments that it lacks."""
    db.add(handed)
    graded, commented = ({entry.cell_id for entry in entries} for entries in (handed.grades, handed.comments))
    for kind in KINDS:
        for cell in getattr(notebook, kind):
            if kind in WITH_POINTS and cell.id not in graded:
                db.add(Grade(cell_id=cell.id, notebook=handed))
            if kind in WITH_COMMENT and cell.id not in commented:
                db.add(Comment(cell_id=cell.id, notebook=handed))
