r"""Check the formulas of a page from their own LaTeX, so that a slip in a formula fails the page's cell."""

import itertools
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from lmkit.book.latex import RELATIONS, Parser, chains_of, tokens_of
from lmkit.book.recording import glue, in_notebook, show

PREFIX = "latex:"
"""What the names of recorded evaluations begin with."""

TINY = 1e-12
"""Differences up to this are none: the rounding of sums that are zero."""

_FORMULA = (
    r"(?P<fence>`{{3,}}|:{{3,}})\{{math\}}\n(?::.*\n)*?:label: {label}\n(?::.*\n)*(?P<source>.*?)\n(?P=fence)"
    r"|<!-- equation {label} -->\n\$\$\n(?P<shown>.*?)\n\\tag\{{[^}}]*\}}\n\$\$"
)


def check_equation(label: str, *cases: Mapping[str, Any], tolerance: float = 1e-9) -> None:
    r"""Evaluate a labelled formula of this page from its LaTeX, and assert what it states.

    The formula is read from the notebooks in the folder where the page runs. The book's ledger then says that the
    formula itself was evaluated. Where no notebook here has the label, as on a hosted service, a notebook says so
    and goes on.

    Args:
        label: The formula's label.
        cases: Values by name, for as many cases as there are. A name is a piece of the LaTeX, such as ``d_k`` or
            ``C(cw)``; a value is a number, an array, a function for names that are applied, or a pair of indices and
            an array, ``"P(x)": ("x", probabilities)``, for a name that contains its indices. The name ``=`` stands
            for what a formula without a relation must be equal to.
        tolerance: Largest difference of two sides that counts as equality, relative to the larger one.

    Raises:
        AssertionError: If the formula does not hold.
        ValueError: If the formula cannot be read or evaluated, or outside a notebook is not found; or if there is
            no case.

    Example:
        >>> from contextlib import chdir
        >>> from tempfile import TemporaryDirectory
        >>> text = "```{math}\n:label: half\nx = y / 2\n```"
        >>> page = {"cells": [{"cell_type": "markdown", "source": text}]}
        >>> with TemporaryDirectory() as folder, chdir(folder):
        ...     _ = Path("page.ipynb").write_text(json.dumps(page))
        ...     check_equation("half", {"x": 1, "y": 2}, {"x": 3, "y": 6})
    """
    if not cases:
        raise ValueError(f"cases of {label!r} is empty: give the values of the names in the formula")
    latex = find_formula(label, Path.cwd())
    if latex is None:
        told = f"no notebook in {Path.cwd()} has a formula with the label {label!r}"
        if not in_notebook():
            raise ValueError(told)
        show(f"The formula was not evaluated: {told}.")
        return
    error = max(evaluate_formula(latex, case, tolerance=tolerance) for case in cases)
    glue(f"{PREFIX}{label}", json.dumps({"latex": latex, "error": error}))


def find_formula(label: str, folder: Path) -> str | None:
    """The LaTeX of a labelled formula in the notebooks of a folder, as pages and downloaded pages have it.

    Args:
        label: The formula's label.
        folder: Where the notebooks are.
    """
    pattern = re.compile(_FORMULA.format(label=re.escape(label)), re.DOTALL)
    for path in sorted(folder.glob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        for text in ("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"):
            if match := pattern.search(text):
                return match["source"] or match["shown"]
    return None


def evaluate_formula(latex: str, values: Mapping[str, Any], *, tolerance: float = 1e-9) -> float:
    r"""Evaluate a formula, and assert that its equations and inequalities hold.

    Args:
        latex: The formula; several equations may be separated by commas, line breaks and the like.
        values: Values by name, as in :func:`check_equation`.
        tolerance: Largest relative difference that counts as equality.

    Returns:
        The largest difference of two sides that are said to be equal, relative to the larger if that is over one.

    Raises:
        AssertionError: If a relation does not hold.
        ValueError: If the formula cannot be read, or a name in it has no value.

    Example:
        >>> evaluate_formula(r"\sum_{i=1}^{n} i = \frac{n (n + 1)}{2}", {"n": 10})
        0.0
    """
    names = {tuple(tokens_of(name)): _plain(value) for name, value in values.items() if name != "="}
    errors = [0.0]
    for sides, relations in chains_of(latex):
        extents: dict[str, int] = {}
        parsers = [Parser(side, names, extents) for side in sides]
        closures = [parser.parse() for parser in parsers]
        if not relations:
            if "=" not in values:
                raise ValueError(f"{' '.join(sides[0])!r} states nothing: give the value of '=' that it is equal to")
            closures, relations = [*closures, lambda env: float(values["="])], ["="]
        free = sorted(set().union(*(parser.free for parser in parsers)))
        for places in itertools.product(*(range(1, _extent(extents, letter) + 1) for letter in free)):
            env = dict(zip(free, places, strict=True))
            where = f"{latex.strip()}\nfor {env}" if env else latex.strip()
            found = [closure(env) for closure in closures]
            for left, relation, right in zip(found, relations, found[1:], strict=False):
                errors.append(_compare(left, relation, right, tolerance, where))
    return max(errors)


def _extent(extents: dict[str, int], letter: str) -> int:
    if letter not in extents:
        raise ValueError(f"nothing says how far index {letter} runs")
    return extents[letter]


def _compare(left: Any, relation: str, right: Any, tolerance: float, where: str) -> float:
    """Assert a relation; returns the relative difference if it is an equality."""
    if np.shape(left) != np.shape(right) and np.ndim(left) and np.ndim(right):
        raise AssertionError(f"the sides have the shapes {np.shape(left)} and {np.shape(right)} in {where}")
    size = max(np.max(np.abs(left)), np.max(np.abs(right)))
    if relation in ("=", r"\approx"):
        difference = float(np.max(np.abs(np.subtract(left, right))))
        assert difference <= tolerance * size + TINY, f"{left} {relation} {right} does not hold in {where}"
        return difference / max(float(size), 1.0)
    slack = (tolerance * size + TINY) * (1 if relation in (r"\le", "<") else -1)
    assert np.all(RELATIONS[relation](left, np.add(right, slack))), (
        f"{left} {relation} {right} does not hold in {where}"
    )
    return 0.0


def _plain(value: Any) -> Any:
    """Numbers and arrays as NumPy has them."""
    if isinstance(value, tuple):
        return value[0], _plain(value[1])
    if callable(value):
        return value
    return np.asarray(value.detach() if hasattr(value, "detach") else value, dtype=float)
