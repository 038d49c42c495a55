"""``python -m lmkit.grading.release``: make the students' notebooks, and keep what was written into the old ones."""

import contextlib
import os
import sys
import tempfile
import warnings
from pathlib import Path

import tyro
from nbgrader.apps import GenerateAssignmentApp

from lmkit.grading.commands import run_command
from lmkit.grading.course import GradingError
from lmkit.grading.keeping import replace_file
from lmkit.grading.variants import course_variant


def release(course: Path, assignment: str) -> list[Path]:
    """Make the students' files of one assignment from ``solutions/``.

    nbgrader itself would delete the folder. Here a file that differs from its successor stays beside it, and files
    that nbgrader does not make are left alone. The course's gradebook is not touched.

    Args:
        course: The folder with ``nbgrader_config.py`` and ``solutions/``.
        assignment: The assignment's name.

    Returns:
        The files that were kept, under their new names.

    Raises:
        GradingError: If nbgrader cannot make the release; nothing has changed then.
    """
    # nbgrader makes a gradebook with the command alembic, which lies beside Python
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(course):
        made = Path(folder) / "exercises"
        problem = run_command(
            GenerateAssignmentApp,
            [assignment, f"--CourseDirectory.release_directory={made}", f"--db=sqlite:///{folder}/gradebook.db"],
        )
        if problem:
            raise GradingError(f"{assignment} cannot be released: {problem}")
        released = Path("exercises").absolute()
        files = sorted(path for path in made.rglob("*") if path.is_file())
        kept = [replace_file(path, released / path.relative_to(made)) for path in files]
    return [path for path in kept if path is not None]


def choose_variant(course: Path, variant: int) -> None:
    """Write down which variant of its assignments a course uses from now on; 0 is the notebooks as they are."""
    path = course / "solutions" / "variant.txt"
    path.write_text(f"{variant}\n", encoding="utf-8")
    course_variant(path.parent)
    if variant == 0:
        path.unlink()


def main(course: Path = Path(), variant: int | None = None) -> int:
    """Make the students' notebooks of all assignments, and say which files were kept.

    Args:
        course: Folder with nbgrader_config.py and solutions/.
        variant: The variant to use from now on, here and in grading; it is kept in solutions/variant.txt.

    Returns:
        Exit status: 0 if all were made, 1 if not.
    """
    warnings.simplefilter("ignore")  # nbgrader's own
    course = course.resolve()
    if variant is not None:
        choose_variant(course, variant)
    for folder in sorted(path for path in (course / "solutions").iterdir() if path.is_dir()):
        try:
            kept = release(course, folder.name)
        except GradingError as error:
            print(error, file=sys.stderr)
            return 1
        for path in kept:
            print(f"{path.relative_to(course)}: the earlier file, which was different, is kept under this name")
    return 0


if __name__ == "__main__":
    sys.exit(tyro.cli(main))
