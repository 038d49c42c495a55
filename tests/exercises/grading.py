"""Grade a submission in this process: the same cells, the same outputs, the same rules as nbgrader, without a kernel.

Answers and tests have a namespace each, and between them is the channel that graders use, so that what it cannot carry
fails here. `test_against_nbgrader.py` proves that the scores are nbgrader's. Only trusted answers may be graded like
this.
"""

import ast
import contextlib
import copy
import io
import sys
import traceback
import types
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import torch
from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader import utils

from lmkit.grading.cells import declared_functions
from lmkit.grading.channel.serving import in_one_process
from lmkit.grading.channel.trials import Declaration, Trials
from tests.exercises.assignments import fill_in, read_notebook, trials_of

Watch = Callable[[str, dict[str, Any]], None]


@dataclass(frozen=True)
class Grade:
    """What one test cell gave, and the last line of its error, if there was one."""

    score: float
    max_score: float
    message: str


def grade(assignment: str, answers: dict[str, str], watch: Watch | None = None, variant: int = 0) -> dict[str, Grade]:
    """Grade the release notebook with these answers filled in; the other answer cells stay blank.

    Args:
        assignment: Its name.
        answers: The source of an answer cell, by the cell's name.
        watch: Called before each call of a test with the function's name and its arguments by name.
        variant: Of the assignment.

    Returns:
        One grade per test cell, by the cell's name.
    """
    notebook = copy.deepcopy(read_notebook("exercises", assignment, variant))
    functions = declared_functions(notebook.cells, trials_of(assignment))
    fill_in(notebook, answers)
    restore_locked_cells(notebook, read_notebook("solutions", assignment, variant))
    execute(notebook, functions, watch)
    grades = {}
    for cell in notebook.cells:
        if cell.cell_type == "code" and utils.is_grade(cell):
            message = next((f"{out.ename}: {out.evalue}" for out in cell.outputs if out.output_type == "error"), "")
            grades[cell.metadata.nbgrader.grade_id] = Grade(*utils.determine_grade(cell), message)
    return grades


def restore_locked_cells(notebook: NotebookNode, source: NotebookNode) -> None:
    """Put the instructor's locked cells back, hidden tests included, as nbgrader's OverwriteCells does."""
    sources = {cell.metadata.nbgrader.grade_id: cell.source for cell in source.cells if utils.is_locked(cell)}
    for cell in notebook.cells:
        if utils.is_locked(cell):
            cell.source = sources[cell.metadata.nbgrader.grade_id]


def execute(
    notebook: NotebookNode,
    functions: dict[str, dict] | None = None,
    watch: Watch | None = None,
    stop: Callable[[NotebookNode], bool] = lambda cell: False,
) -> None:
    """Run the code cells from the top and store their outputs; go on after an error, but not after a cell to `stop` at.

    Given cells run for the tests and for the student, tests with stand-ins for what answer cells define: `functions`.
    """
    answers, tests = types.ModuleType("__main__").__dict__, types.ModuleType("__main__").__dict__
    declared = {name: Declaration(**about) for name, about in (functions or {}).items()}
    trials = Trials(in_one_process(answers), declared)
    trials.watch = watch
    with isolated_torch(), kernel_warnings():
        tests |= trials.stand_ins
        for cell in notebook.cells:
            if cell.cell_type == "code":
                if not (utils.is_locked(cell) and utils.is_grade(cell)):
                    cell.outputs = run_cell(cell.source, answers)
                if utils.is_locked(cell):
                    trials.begin()
                    outputs = run_cell(cell.source, tests, trials.finish)
                    cell.outputs = outputs if utils.is_grade(cell) else cell.outputs
                if stop(cell):
                    return


def run_cell(source: str, namespace: dict, finish: Callable[[], None] = lambda: None) -> list[NotebookNode]:
    """Run one cell, then `finish`; return its outputs as graders keep them: all text, then the result or the error."""
    text = io.StringIO()
    last = []
    with contextlib.redirect_stdout(text), contextlib.redirect_stderr(text):
        try:
            value = evaluate(source, namespace)
            finish()
            if value is not None:
                last = [new_output("execute_result", {"text/plain": repr(value)})]
        except (Exception, SystemExit) as error:
            lines = traceback.format_exception(error)
            last = [new_output("error", ename=type(error).__name__, evalue=str(error), traceback=lines)]
    return [new_output("stream", text=text.getvalue()), *last] if text.getvalue() else last


def evaluate(source: str, namespace: dict) -> object:
    """Execute a cell; its value is that of a last line that is an expression and does not end in a semicolon."""
    tree = ast.parse(source)
    shown = None
    if tree.body and isinstance(tree.body[-1], ast.Expr) and not source.rstrip().endswith(";"):
        shown = ast.Expression(tree.body.pop().value)
    exec(compile(tree, "<cell>", "exec", dont_inherit=True), namespace)
    if shown is None:
        return None
    return eval(compile(shown, "<cell>", "eval", dont_inherit=True), namespace)


@contextlib.contextmanager
def isolated_torch() -> Iterator[None]:
    """Undo what a notebook does to torch's global state, so that it does not reach the next one."""
    dtype = torch.get_default_dtype()
    with torch.random.fork_rng(devices=[]), torch.set_grad_enabled(torch.is_grad_enabled()):
        yield
    torch.set_default_dtype(dtype)


@contextlib.contextmanager
def kernel_warnings() -> Iterator[None]:
    """Treat warnings as a kernel does: written to stderr, and not turned into errors as in these tests."""

    def show(message, category, filename, lineno, file=None, line=None):
        sys.stderr.write(warnings.formatwarning(message, category, filename, lineno, line))

    with warnings.catch_warnings():
        warnings.resetwarnings()
        for category in (DeprecationWarning, PendingDeprecationWarning, ImportWarning, ResourceWarning):
            warnings.simplefilter("ignore", category)
        warnings.filterwarnings("default", category=DeprecationWarning, module="__main__")
        warnings.showwarning = show
        yield
