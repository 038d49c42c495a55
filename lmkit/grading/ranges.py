"""The range that a statement promises, as data, and whether the tests keep to it and reach its ends.

The metadata of an answer cell has an entry ``trials``, and there each function its ``range``: expressions over the
arguments, each with its least and its greatest value. A test that passes something else could refuse a right answer;
one that stays in the middle lets wrong ones pass.
"""

import collections.abc
import math
from typing import Any

import torch
from nbformat import NotebookNode
from nbgrader.utils import is_solution

from lmkit.grading.cells import declared_functions
from lmkit.grading.channel.trials import Declaration


def measure(expression: str, arguments: dict[str, Any]) -> tuple[float, float] | None:
    """Compute an expression over the arguments of a call.

    Args:
        expression: Python, with ``math``, ``torch`` and the arguments by name.
        arguments: Of one call.

    Returns:
        The least and the greatest of the numbers that it gives; ``None`` if it gives none.

    Example:
        >>> measure("len(tokens)", {"tokens": ["a", "b"]}), measure("x", {"x": torch.tensor([[3.0], [-1.0]])})
        ((2, 2), (-1.0, 3.0))
    """
    value = eval(expression, {"math": math, "torch": torch}, dict(arguments))
    numbers = list(numbers_in(value))
    return (min(numbers), max(numbers)) if numbers else None


def numbers_in(value: Any) -> collections.abc.Iterator[float]:
    """Yield the numbers of a value: of a tensor, of containers; of a dictionary, those of its values."""
    if isinstance(value, torch.Tensor):
        yield from value.flatten().tolist()
    elif isinstance(value, dict):
        for item in value.values():
            yield from numbers_in(item)
    elif isinstance(value, collections.abc.Iterable):
        for item in value:
            yield from numbers_in(item)
    else:
        yield value


class Reached:
    """What the calls of a task's tests have covered of the ranges.

    Args:
        functions: What is declared, by the function's name.

    Example:
        >>> reached = Reached({"f": Declaration(parameters=("n",), range={"n": [1, 9]})})
        >>> reached.note("f", {"n": 1})
        >>> reached.note("f", {"n": 10})
        >>> reached.problems()
        ['f: n reaches from 1 to 10, and the range says from 1 to 9']
    """

    def __init__(self, functions: dict[str, Declaration]) -> None:
        self.functions = functions
        self.ends: dict[tuple[str, str], tuple[float, float]] = {}

    def note(self, name: str, arguments: dict[str, Any]) -> None:
        """Take in one call."""
        for expression in self.functions[name].range:
            found = measure(expression, arguments)
            if found is not None:
                low, high = self.ends.get((name, expression), found)
                self.ends[name, expression] = min(low, found[0]), max(high, found[1])

    def problems(self) -> list[str]:
        """Say where calls lie outside a range, or miss one of its ends; numbers count as equal to six digits."""
        problems = []
        for name, declared in self.functions.items():
            for expression, (low, high) in declared.range.items():
                found = self.ends.get((name, expression))
                if found is None:
                    problems.append(f"{name}: no call gives {expression} a value")
                elif not (math.isclose(found[0], low, rel_tol=1e-6) and math.isclose(found[1], high, rel_tol=1e-6)):
                    said = f"the range says from {low:g} to {high:g}"
                    problems.append(f"{name}: {expression} reaches from {found[0]:g} to {found[1]:g}, and {said}")
        return problems


def declaration_problem(notebook: NotebookNode) -> str | None:
    r"""Check that the answer cells of a source notebook declare a range for each of their functions.

    Args:
        notebook: The source of an assignment.

    Returns:
        ``None`` if they do, otherwise one line that names the cell.

    Example:
        >>> from nbformat.v4 import new_code_cell, new_notebook
        >>> about = {"grade": False, "solution": True, "grade_id": "double", "locked": False}
        >>> cell = new_code_cell("def double(n):\n    pass", metadata={"nbgrader": about})
        >>> declaration_problem(new_notebook(cells=[cell]))
        'double: the metadata of the answer cell has no range for double in `trials`'
        >>> cell.metadata["trials"] = {"double": {"range": {"n": [1, 9]}, "nu": True}}
        >>> declaration_problem(new_notebook(cells=[cell]))
        "double: trials of double: ... unexpected keyword argument 'nu'"
    """
    for cell in notebook.cells:
        if cell.cell_type != "code" or not is_solution(cell):
            continue
        trials = cell.metadata.get("trials", {})
        defined = declared_functions([cell], trials)
        for name in trials.keys() - defined.keys():
            return f"{cell.metadata.nbgrader.grade_id}: trials of {name}, which the cell does not define"
        for name, about in defined.items():
            where = f"{cell.metadata.nbgrader.grade_id}: "
            try:
                declared = Declaration(**about)
            except TypeError as error:
                return f"{where}trials of {name}: {error}"
            if not declared.range:
                return f"{where}the metadata of the answer cell has no range for {name} in `trials`"
            for expression, ends in declared.range.items():
                if not (len(ends) == 2 and -math.inf < ends[0] <= ends[1] < math.inf):
                    return f"{where}the range of {expression} is {ends}, not two numbers in order"
    return None
