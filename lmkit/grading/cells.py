"""Put a submitted notebook back into the shape in which it was released, all but the answers."""

import ast
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import is_grade, is_solution, is_task

from lmkit.grading.outputs import safe_attachments


class RestoreCells(NbGraderPreprocessor):
    """Make every cell of the assignment occur once, with the metadata that it was released with.

    It comes before ``OverwriteCells``, which restores the text of locked cells, and takes the place of
    ``DeduplicateIds`` and ``OverwriteCells.add_missing_cells``: these fail together on a cell that is there twice, and
    the latter on a test that went with the answer before it. Metadata is replaced as a whole, because it decides about
    the score: a test cell with the tag ``skip-execution`` would not run, and one that did not fail has full marks.

    Example:
        ``nbgrader_config.py`` puts it where nbgrader has a step of its own:

        >>> from traitlets.config import Config
        >>> c = Config()
        >>> steps = ["ClearOutput", "lmkit.grading.RestoreCells", "OverwriteCells", "CheckCellMetadata"]
        >>> c.Autograde.sanitize_preprocessors = steps
    """

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """Restore the cells; of an answer that occurs twice the last one counts."""
        at = resources["nbgrader"]
        with Gradebook(at["db_url"]) as gradebook:
            released = released_cells(gradebook, at["notebook"], at["assignment"])
        found = set()
        for cell in reversed(nb.cells):
            grade_id = grade_id_of(cell)
            cell.metadata = NotebookNode()
            if "attachments" in cell:
                cell.attachments = NotebookNode(safe_attachments(cell.attachments))
            if grade_id in released and grade_id not in found:
                found.add(grade_id)
                cell.metadata.nbgrader = released[grade_id].metadata.nbgrader
        position = 0
        for grade_id, cell in released.items():
            if grade_id in found:
                position = 1 + next(i for i, other in enumerate(nb.cells) if grade_id_of(other) == grade_id)
            else:
                self.log.warning("cell %s was missing", grade_id)
                nb.cells.insert(position, cell)
                position += 1
        essential = [name for name in found if is_essential(released[name])]
        nb.nbformat, nb.nbformat_minor, nb.metadata = 4, 5, NotebookNode(cells_found=len(essential))  # for the report
        for i, cell in enumerate(nb.cells):
            cell.id = f"cell-{i}"  # copies made by hand repeat each other's ids
        return nb, resources


def is_test(cell: NotebookNode) -> bool:
    """Say whether a cell is a test, which Python scores: neither an answer nor one that waits for a person."""
    return cell.cell_type == "code" and is_grade(cell) and not is_solution(cell)


def defined_names(cell: NotebookNode) -> list[str]:
    """List the functions and classes that a code cell defines; none if it is not plain Python."""
    return [node.name for node in statements(cell) if isinstance(node, ast.FunctionDef | ast.ClassDef)]


def declared_functions(cells: Iterable[NotebookNode], trials: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Say of each function that answer cells define what :class:`~lmkit.grading.channel.trials.Declaration` asks.

    Args:
        cells: As they were released.
        trials: What the assignment declares, by the function's name; see :func:`declared_trials`.

    Returns:
        Keyword arguments by the function's name.
    """
    functions = {}
    for node in (node for cell in cells if is_solution(cell) for node in statements(cell)):
        if isinstance(node, ast.FunctionDef):
            functions[node.name] = {"parameters": parameters(node), **trials.get(node.name, {})}
        elif isinstance(node, ast.ClassDef):
            methods = {member.name: member for member in node.body if isinstance(member, ast.FunctionDef)}
            made_from = parameters(methods["__init__"])[1:] if "__init__" in methods else []
            functions[node.name] = {"parameters": made_from, "methods": [*methods], **trials.get(node.name, {})}
    return functions


def declared_trials(source: Path) -> dict[str, dict[str, Any]]:
    """Read what a source notebook declares of its functions: ``trials`` in the metadata of its answer cells."""
    notebook = nbformat.read(source, as_version=4)
    return {name: about for cell in notebook.cells for name, about in cell.metadata.get("trials", {}).items()}


def parameters(node: ast.FunctionDef) -> list[str]:
    """List the names of a function's parameters; none if it can be called in one way only."""
    special = node.args.vararg or node.args.kwarg or node.args.posonlyargs or node.args.kwonlyargs
    return [] if special else [argument.arg for argument in node.args.args]


def imported_modules(cell: NotebookNode) -> list[str]:
    """List the modules that a code cell imports at its top level."""
    modules = []
    for node in statements(cell):
        if isinstance(node, ast.Import):
            modules += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            modules.append(node.module)
    return modules


def statements(cell: NotebookNode) -> list[ast.stmt]:
    """Return the statements of a code cell; none if it is not plain Python."""
    try:
        return ast.parse(cell.source).body if cell.cell_type == "code" else []
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []


def is_essential(cell: NotebookNode) -> bool:
    """Say whether a cell is an answer or has points; the others, such as the imports, are alike in all assignments."""
    return is_grade(cell) or is_solution(cell) or is_task(cell)


def grade_id_of(cell: NotebookNode) -> str | None:
    """Return a cell's grade id, or ``None`` if it has none or its metadata is damaged."""
    nbgrader = cell.metadata.get("nbgrader")
    grade_id = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
    return grade_id if isinstance(grade_id, str) else None


def released_cells(gradebook: Gradebook, notebook_id: str, assignment_id: str) -> dict[str, NotebookNode]:
    """Rebuild the cells of an assignment from the gradebook.

    Args:
        gradebook: An open gradebook, in which the assignment is registered.
        notebook_id: The notebook's name without its ending.
        assignment_id: The assignment's name.

    Returns:
        The cells by grade id, in the notebook's order; test cells include their hidden tests.
    """
    notebook = gradebook.find_notebook(notebook_id, assignment_id)
    points = {cell.name: cell.max_score for cell in [*notebook.grade_cells, *notebook.task_cells]}
    grade = {cell.name for cell in notebook.grade_cells}
    solution = {cell.name for cell in notebook.solution_cells}
    task = {cell.name for cell in notebook.task_cells}
    cells = {}
    for source in notebook.source_cells:
        new_cell = new_code_cell if source.cell_type == "code" else new_markdown_cell
        nbgrader = {
            "schema_version": 3,
            "grade_id": source.name,
            "cell_type": source.cell_type,
            "grade": source.name in grade,
            "solution": source.name in solution,
            "task": source.name in task,
            "locked": source.locked,
            "checksum": source.checksum,
        }
        if source.name in points:
            nbgrader["points"] = points[source.name]
        cells[source.name] = new_cell(source.source, metadata={"nbgrader": nbgrader})
    return cells
