"""A small course with one quick assignment, and the ways in which students fill it in, in good faith or not."""

import copy
import functools
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

ROOT = Path(__file__).parents[2]
ASSIGNMENT = "counting"
SECRET = "secret_of_the_hidden_test"
MARK_SCHEME = "one point for each reason"

COUNT = "def count(word, text):\n    return text.split().count(word)"
MEAN = "def mean(numbers):\n    return sum(numbers) / len(numbers)"
PRINTING_COUNT = "import sys\n" + COUNT.replace("return", "print('counting', word, file=sys.stderr); return")
WARNING_MEAN = "import warnings\n" + MEAN.replace("return", "warnings.warn('careful'); return")
CELLS = {
    "introduction": "# Counting",
    "count": COUNT.replace("return", "### BEGIN SOLUTION\n    return") + "\n    ### END SOLUTION",
    "count_visible": "assert count('a', 'a b a') == 2, 'count(a) in a b a is 2'",
    "count_hidden": (
        f"### BEGIN HIDDEN TESTS\nimport warnings\n{SECRET} = 'x y y y'\nassert count('y', {SECRET}) == 3\n"
        "warnings.warn('a test may warn, too')\n### END HIDDEN TESTS"
    ),
    "mean": MEAN.replace("return", "### BEGIN SOLUTION\n    return") + "\n    ### END SOLUTION",
    "mean_tests": (
        "assert mean([2, 4]) == 3, 'the mean of 2 and 4 is 3'\n"
        f"### BEGIN HIDDEN TESTS\n{SECRET}_2 = [5, 6, 10]\nassert mean({SECRET}_2) == 7\n### END HIDDEN TESTS"
    ),
    "why": f"Why do we count?\n=== BEGIN MARK SCHEME ===\n{MARK_SCHEME}\n=== END MARK SCHEME ===",
}
POINTS = {"count_visible": 1, "count_hidden": 1, "mean_tests": 2, "why": 3}

Handed = Callable[[NotebookNode], NotebookNode | str]


def source_notebook() -> NotebookNode:
    notebook = new_notebook(
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    )
    for grade_id, source in CELLS.items():
        new_cell = new_markdown_cell if grade_id in ("introduction", "why") else new_code_cell
        solution, task = grade_id in ("count", "mean"), grade_id == "why"
        nbgrader = {
            "schema_version": 3,
            "grade_id": grade_id,
            "solution": solution,
            "task": task,
            "locked": not solution,
        }
        nbgrader["grade"] = grade_id in POINTS and not task
        if grade_id in POINTS:
            nbgrader["points"] = POINTS[grade_id]
        notebook.cells.append(new_cell(source, id=grade_id, metadata={"nbgrader": nbgrader}))
    return notebook


def nbgrader(course: Path, *arguments: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments], cwd=course, env=environment(), capture_output=True, check=True
    )


def environment() -> dict[str, str]:
    """The environment of a user who has activated the virtual environment."""
    return os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}


def make_course(course: Path, timeout: int = 4) -> Path:
    """Lay out a course that is configured as ours, with shorter time limits, and release the assignment."""
    folder = course / "solutions" / ASSIGNMENT
    folder.mkdir(parents=True)
    nbformat.write(source_notebook(), folder / f"{ASSIGNMENT}.ipynb")
    config = (ROOT / "nbgrader_config.py").read_text(encoding="utf-8")
    config += f"\nc.Execute.timeout = {timeout}\nc.SandboxedKernelManager.memory_gib = 4\n"
    (course / "nbgrader_config.py").write_text(config, encoding="utf-8")
    nbgrader(course, "generate_assignment", ASSIGNMENT)
    return course


def hand_in(course: Path, handed: dict[str, Handed]) -> None:
    """Collect what the students made of the release, each as a zip file."""
    archive = course / "downloaded" / ASSIGNMENT / "archive"
    for student, fill_in in handed.items():
        folder = course / "laptops" / student
        folder.mkdir(parents=True)
        notebook = nbformat.read(course / "exercises" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb", as_version=4)
        filled = fill_in(notebook)
        name = ASSIGNMENT if fill_in is not renamed else "my homework"
        text = filled if isinstance(filled, str) else json.dumps(filled)
        (folder / f"{name}.ipynb").write_text(text, encoding="utf-8")
        shutil.make_archive(str(archive / student), "zip", folder)
    nbgrader(course, "zip_collect", ASSIGNMENT, "--force")


def hand_in_answers(course: Path, answers: dict[str, dict[str, str]]) -> None:
    """Collect the release with each student's sources of some answers; the others are right."""
    hand_in(course, {student: functools.partial(answered, **sources) for student, sources in answers.items()})


def grade(course: Path) -> subprocess.CompletedProcess:
    """Run what `make grade` runs; its temporary files go to `scratch` beside the course."""
    command = [sys.executable, "-m", "lmkit.grading", ASSIGNMENT, "--course", str(course), "--jobs", "2"]
    scratch = course.with_name(course.name + "-scratch")
    scratch.mkdir(exist_ok=True)
    variables = environment() | {"TMPDIR": str(scratch)}
    return subprocess.run(command, env=variables, capture_output=True, text=True, check=False)


def cell(notebook: NotebookNode, grade_id: str) -> NotebookNode:
    return next(c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == grade_id)


def answered(notebook: NotebookNode, count: str = COUNT, mean: str = MEAN) -> NotebookNode:
    cell(notebook, "count").source = count
    cell(notebook, "mean").source = mean
    return notebook


def graded(course: Path, student: str) -> NotebookNode:
    return nbformat.read(course / "autograded" / student / ASSIGNMENT / f"{ASSIGNMENT}.ipynb", as_version=4)


def feedback(course: Path, student: str) -> str:
    return (course / "feedback" / student / ASSIGNMENT / f"{ASSIGNMENT}.html").read_text(encoding="utf-8")


def perfect(notebook):
    """All right, with a warning and a line on stderr, which are no errors."""
    return answered(notebook, count=PRINTING_COUNT, mean=WARNING_MEAN)


def blank(notebook):
    return notebook


def partly_right(notebook):
    return answered(notebook, mean="def mean(numbers):\n    return (numbers[0] + numbers[-1]) / 2")


def syntax_error(notebook):
    return answered(notebook, mean="def mean(numbers)\n    return 3")


def infinite_loop(notebook):
    return answered(notebook, count="def count(word, text):\n    while True:\n        pass")


def deleted_test_cells(notebook):
    answered(notebook)
    gone = ("introduction", "count_visible", "count_hidden", "mean", "mean_tests", "why")
    notebook.cells = [c for c in notebook.cells if c.metadata.nbgrader.grade_id not in gone]
    return notebook


def edited_test_cells(notebook):
    answered(notebook, count="count = None", mean="mean = None")
    cell(notebook, "count_visible").source = "assert True"
    cell(notebook, "count_visible").metadata.nbgrader.points = 100
    cell(notebook, "count_hidden").metadata.tags = ["skip-execution"]
    cell(notebook, "mean_tests").metadata.nbgrader |= {"solution": True, "locked": False, "schema_version": "?"}
    return notebook


def duplicated_cells(notebook):
    answered(notebook)
    # with the same ids, as a careless copy has them
    notebook.cells = [copy.deepcopy(c) for c in notebook.cells for _ in range(2)]
    notebook.cells[2].source = "def count(word, text):\n    return 0"  # the copy below it counts
    return notebook


def exception_at_import(notebook):
    return answered(notebook, count=f"import no_such_module\n{COUNT}")


def output_of_10_megabytes(notebook):
    answered(
        notebook, count="print('z' * 10**7)\n" + COUNT.replace("    return", "    print(word * 10**7)\n    return")
    )
    cell(notebook, "count").outputs = [nbformat.v4.new_output("stream", text="saved" * 2 * 10**6)]
    return notebook


def broken_json(notebook):
    return "\n".join(json.dumps(answered(notebook), indent=1).splitlines()[:4])


def renamed(notebook):
    return answered(notebook)


def other_assignment(notebook):
    """Another assignment's work: of ours, it has only the cell that all of them share."""
    answered(notebook)
    for c in notebook.cells[1:]:
        c.metadata.nbgrader.grade_id += "_of_another"
    return notebook


def defacing(notebook):
    answered(notebook)
    notebook.cells.append(
        new_markdown_cell("<script>document.title = 'defaced'</script><b onclick='x()'>bold</b>\n\n$a<b$")
    )
    show = "from IPython.display import HTML, Javascript, display\ndisplay(HTML('<img src=x onerror=\"defaced()\">'))\n"
    notebook.cells.append(new_code_cell(show + "display(Javascript('defaced()'))"))
    return notebook
