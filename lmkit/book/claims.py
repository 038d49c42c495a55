"""Statements of a page that a cell tests.

A claim is a comparison that the page states in words and a cell asserts in code. If it fails, the book still builds on
a reader's machine and says so beside the sentence; in tests and continuous integration the build fails.
"""

import json
import re
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

from lmkit.book.recording import glue, in_notebook, show

PREFIX = "claim:"
"""Prefix of the names of recorded claims."""


@dataclass
class Claim(AbstractContextManager["Claim"]):
    """A claim while its cell tests it; :func:`claim` makes one.

    Args:
        name: How the text refers to it.
        statement: What is asserted, in plain words.
        seeds: Number of seeds that the values come from; None if nothing is random.
        margin: By how much the comparison must hold, in the unit of the values; None if only equality or order
            is compared.
        values: What was measured, by name.

    Example:
        >>> with claim("recall-far", "attention recalls more than half", margin=0.1, share=0.8) as c:
        ...     assert c["share"] > 0.5 + c.margin
        >>> c.record(failure=None)["passed"]
        True
    """

    name: str
    statement: str
    seeds: int | None = None
    margin: float | None = None
    values: dict[str, Any] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        """One of the values."""
        return self.values[name]

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> bool:
        """Record the outcome. In a notebook, a failed assertion is shown and does not stop the page."""
        if error is not None and not isinstance(error, AssertionError):
            return False
        written = self.record(failure=None if error is None else str(error))
        glue(f"{PREFIX}{self.name}", json.dumps(written))
        if error is None or not in_notebook():
            return False
        show(f"This did not come out here: {self.statement}.\n{describe(written['values'])}")
        return True

    def record(self, failure: str | None) -> dict[str, Any]:
        """Return what the book stores of the claim, as JSON can hold it.

        Args:
            failure: Message of the assertion that failed; None if none did.
        """
        return {
            "name": self.name,
            "statement": self.statement,
            "seeds": self.seeds,
            "margin": self.margin,
            "values": {name: _plain(value) for name, value in self.values.items()},
            "passed": failure is None,
            "failure": failure,
        }


def claim(name: str, statement: str, *, seeds: int | None = None, margin: float | None = None, **values: Any) -> Claim:
    """Test a claim of the page: assert it in the block, and cite it in the text by the role ``claim``.

    In a notebook, a failed assertion does not stop the page but shows the values. In plain Python it is raised.

    Args:
        name: Lower-case letters, digits and hyphens; no other claim of the book has it.
        statement: What is asserted, in plain words, without a full stop.
        seeds: Number of seeds that the values come from. Leave it out where nothing is random.
        margin: By how much the comparison must hold, in the unit of the values.
        values: What was measured: numbers, texts, or sequences of them, to be shown if the claim fails.

    Returns:
        A context manager with the ``margin`` and the values, as in ``c["loss"]``.

    Raises:
        ValueError: If the name has other characters, the statement is empty, or seeds or margin are not positive.

    Example:
        >>> losses = {"trigram": 3.1, "gpt": 2.4}
        >>> with claim("gpt-wins", "the GPT loses less than the trigram", seeds=3, margin=0.2, **losses) as c:
        ...     assert c["trigram"] - c["gpt"] > c.margin
    """
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name):
        raise ValueError(f"name={name!r} must consist of lower-case letters, digits and single hyphens")
    if not statement.strip():
        raise ValueError(f"statement of claim {name!r} is empty: say what is asserted")
    if seeds is not None and seeds < 1:
        raise ValueError(f"seeds={seeds} must be at least 1, or None where nothing is random")
    if margin is not None and not margin > 0:
        raise ValueError(f"margin={margin} must be positive, or None where nothing is compared by size")
    return Claim(name, statement.strip().rstrip("."), seeds, margin, values)


def describe(values: Mapping[str, Any]) -> str:
    """Format values for readers, numbers with four digits.

    Example:
        >>> describe({"loss": 2.40001, "wins": [1, 3]})
        'loss 2.4, wins 1 3'
    """
    return ", ".join(f"{name.replace('_', ' ')} {_written(value)}" for name, value in values.items())


def _written(value: Any) -> str:
    if isinstance(value, list):
        return " ".join(map(_written, value))
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _plain(value: Any) -> Any:
    """Turn arrays and tensors into lists and numbers, and what JSON cannot hold into text."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value if isinstance(value, bool | int | float | str) else str(value)
