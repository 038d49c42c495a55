r"""Evaluate formulas from their LaTeX, as far as the pages of the book need it.

A name is any piece of LaTeX that a value is given for: ``d_k``, ``C(cw)``, ``\bar V``. Subscripts of an array's name
are indices, counted from 1; those that no sum binds are free, and the formula must hold for each value of them. Arrays
without indices are matrices, vectors are columns, and products are matrix products. Sums are added up term by term.
"""

import itertools
import math
import operator
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

Value = float | np.ndarray
Closure = Callable[[dict[str, int]], Value]
"""Gives a value from those of the indices."""

TOKEN = re.compile(r"\\[a-zA-Z]+|\\.|\S", re.DOTALL)
LAYOUT = {
    *(r"\,", r"\;", r"\:", r"\!", r"\ ", "&", "~", r"\displaystyle", r"\left", r"\right"),
    *(rf"\{size}{side}" for size in ("big", "Big", "bigg", "Bigg") for side in ("", "l", "r")),
}
REMARK = re.compile(
    r"&&.*?(?=\\\\(?![a-zA-Z])|\\end\{|\Z)|\\q?quad\s*\\text\{for .*\Z|\\(?:begin|end)\{\w+\}", re.DOTALL
)
RELATIONS: dict[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq,
    r"\approx": operator.eq,
    r"\le": operator.le,
    r"\ge": operator.ge,
    "<": operator.lt,
    ">": operator.gt,
}
CONDITIONS = {**RELATIONS, r"\ne": operator.ne}
ENDS = {"+", "-", ")", "]", "}", ",", r"\rVert", r"\rvert", r"\}", None}
FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    **{rf"\{name}": getattr(np, name) for name in ("log", "exp", "sin", "cos", "tan", "tanh")},
    r"\ln": np.log,
    "tr": np.trace,
    "diag": lambda column: np.diag(np.ravel(column)),
    "softmax": lambda scores: _softmax(np.asarray(scores)),
}
EXTREMES = {r"\max": max, r"\min": min}


def tokens_of(latex: str) -> list[str]:
    """The signs of a formula, without those that only lay it out."""
    latex = re.sub(r"\\text\{\s*(?:or|and)\s*\}", ",", REMARK.sub("", latex))
    tokens = [token for token in TOKEN.findall(latex) if token not in LAYOUT]
    return [
        token
        for place, token in enumerate(tokens)
        if tokens[place : place + 2] != ["{", "}"] and tokens[max(place - 1, 0) : place + 1] != ["{", "}"]
    ]


def chains_of(latex: str) -> Iterator[tuple[list[list[str]], list[str]]]:
    """The equations and inequalities of a formula: the sides of each and the relations between them.

    Raises:
        ValueError: If a bracket or brace has no partner.
    """
    sides: list[list[str]] = [[]]
    relations: list[str] = []
    depth = 0
    tokens = [*tokens_of(latex), ","]
    for token, following in itertools.zip_longest(tokens, tokens[1:]):
        depth += (token in "([{") - (token in ")]}")
        if depth == 0 and token in RELATIONS:
            relations.append(token)
            sides.append([])
        elif depth == 0 and _separates(token, following):
            if sides != [[]]:
                yield sides, relations
            sides, relations = [[]], []
        elif not (token == r"\\" or (token == "." and not str(following).isdigit())):
            sides[-1].append(token)
    if depth != 0:
        raise ValueError(f"a bracket or brace of {latex!r} has no partner")


def _separates(token: str, following: str | None) -> bool:
    if token == r"\\":
        return following not in RELATIONS and following not in ("+", "-", r"\cdot")
    return token in (",", r"\quad", r"\qquad")


@dataclass
class Parser:
    """Reads one side of an equation.

    Args:
        tokens: The signs of the side.
        names: Values by the signs of their names.
        extents: How far each index runs; what the arrays of this side say is added.
    """

    tokens: list[str]
    names: Mapping[tuple[str, ...], Any]
    extents: dict[str, int]
    free: set[str] = field(default_factory=set)
    bound: list[str] = field(default_factory=list)
    place: int = 0

    def parse(self) -> Closure:
        """Read the whole side.

        Raises:
            ValueError: If there is something that this parser does not know.
        """
        result = self._sum_of_terms()
        if self.place < len(self.tokens):
            raise ValueError(f"cannot read {' '.join(self.tokens[self.place :])!r} in {' '.join(self.tokens)!r}")
        return result

    @property
    def _next(self) -> str | None:
        return self.tokens[self.place] if self.place < len(self.tokens) else None

    def _take(self, expected: str | None = None) -> str:
        token = self._next
        if token is None or (expected is not None and token != expected):
            raise ValueError(f"expected {expected or 'more'} at sign {self.place + 1} of {' '.join(self.tokens)!r}")
        self.place += 1
        return token

    def _takes(self, *tokens: str) -> str | None:
        """Take the next sign if it is one of these."""
        return self._take() if self._next in tokens else None

    def _sum_of_terms(self) -> Closure:
        negative = self._takes("+", "-") == "-"
        first = self._term()
        total = _negated(first) if negative else first
        while sign := self._takes("+", "-"):
            term = self._term()
            total = _applied(operator.add, total, term if sign == "+" else _negated(term))
        return total

    def _term(self) -> Closure:
        product = self._factor()
        while self._next not in ENDS and self._next not in CONDITIONS:
            if self._takes(r"\cdot", r"\times", "*"):
                product = _applied(_dot, product, self._factor())
            elif self._takes("/"):
                product = _applied(operator.truediv, product, self._factor())
            else:
                product = _applied(_product, product, self._factor())
        return product

    def _factor(self) -> Closure:
        base = self._primary()
        while sign := self._takes("^", r"\%"):
            if sign == r"\%":
                base = _applied(_product, base, _constant(0.01))
            elif self._takes(r"\top"):
                base = _applied(np.transpose, base)
            else:
                base = _applied(_power, base, self._group())
        return base

    def _group(self) -> Closure:
        """What is in braces; or, as in LaTeX, a single sign."""
        if self._takes("{"):
            if self._takes(r"\top"):
                raise ValueError(r"write ^\top without braces")
            inner = self._sum_of_terms()
            self._take("}")
            return inner
        token = self._take()
        return _constant(float(token)) if token.isdigit() else self._again(self._primary)

    def _again(self, read: Callable[[], Closure]) -> Closure:
        self.place -= 1
        return read()

    def _primary(self) -> Closure:
        if (named := self._longest_name()) is not None:
            return self._named(*named)
        token = self._take()
        if token.isdigit():
            return _constant(self._number(token))
        if token in ("(", "[", "{", r"\lVert", r"\lvert"):
            inner = self._sum_of_terms()
            self._take({"(": ")", "[": "]", "{": "}", r"\lVert": r"\rVert", r"\lvert": r"\rvert"}[token])
            return {r"\lVert": _applied(np.linalg.norm, inner), r"\lvert": _applied(np.abs, inner)}.get(token, inner)
        if token in (r"\frac", r"\tfrac", r"\dfrac"):
            return _applied(operator.truediv, self._group(), self._group())
        if token == r"\sqrt":
            return _applied(np.sqrt, self._group())
        if token in (r"\sum", r"\prod") or (token in EXTREMES and self._next == "_"):
            return self._over_index(token)
        if token in EXTREMES:
            arguments = self._arguments()
            return lambda env: EXTREMES[token](*(argument(env) for argument in arguments))
        if token == r"\delta":
            first, second = self._indices()
            return lambda env: float(first(env) == second(env))
        return self._function(token)

    def _function(self, token: str) -> Closure:
        name = token
        if token == r"\operatorname":
            end = self.tokens.index("}", self.place)
            name = "".join(self.tokens[self.place + 1 : end])
            self.place = end + 1
        if name in FUNCTIONS:
            return _applied(FUNCTIONS[name], self._argument())
        if name == r"\pi":
            return _constant(math.pi)
        if name == "e":
            return _constant(math.e)
        if len(name) == 1 and name.isalpha():
            return lambda env: float(_index(env, name))
        raise ValueError(f"{name!r} in {' '.join(self.tokens)!r} has no value and is no function that is known")

    def _number(self, first: str) -> float:
        text = first
        while self._next is not None and (self._next.isdigit() or self._next == "."):
            text += self._take()
        return float(text)

    def _argument(self) -> Closure:
        """What a function is applied to: a group in parentheses, or the factors that follow."""
        argument = self._factor() if self._next == "(" else None
        while argument is None or (self.tokens[self.place - 1] != ")" and not self._at_end_of_product()):
            factor = self._factor()
            argument = factor if argument is None else _applied(_product, argument, factor)
        return argument

    def _at_end_of_product(self) -> bool:
        return self._next in ENDS or self._next in CONDITIONS or self._next in ("/", r"\cdot", r"\times")

    def _arguments(self) -> list[Closure]:
        self._take("(")
        arguments = [self._sum_of_terms()]
        while self._takes(","):
            arguments.append(self._sum_of_terms())
        self._take(")")
        return arguments

    def _longest_name(self) -> tuple[tuple[str, ...], Any] | None:
        fitting = [name for name in self.names if tuple(self.tokens[self.place : self.place + len(name)]) == name]
        name = max(fitting, key=len, default=None)
        if name is None or (len(name) == 1 and name[0] in self.bound):
            return None
        self.place += len(name)
        return name, self.names[name]

    def _named(self, name: tuple[str, ...], value: Any) -> Closure:
        if callable(value):
            arguments = self._arguments()
            return lambda env: _as_value(value(*(argument(env) for argument in arguments)))
        if isinstance(value, tuple):
            letters, array = value
            return self._entry(name, np.asarray(array, dtype=float), [self._letter(letter) for letter in letters])
        if self._next == "_":
            return self._entry(name, value, self._indices())
        return _constant(_as_value(value))

    def _entry(self, name: tuple[str, ...], array: np.ndarray, indices: list[Any]) -> Closure:
        """An entry of an array; with fewer indices than it has axes, a part."""
        if len(indices) > np.ndim(array):
            raise ValueError(
                f"{''.join(name)} has {np.ndim(array)} axes, and the formula gives it {len(indices)} indices"
            )
        for index, length in zip(indices, array.shape, strict=False):
            if (letter := getattr(index, "letter", None)) and self.extents.setdefault(letter, length) != length:
                raise ValueError(f"index {letter} runs over {self.extents[letter]} and over {length} values")

        def entry(env: dict[str, int]) -> Value:
            places = tuple(int(index(env)) for index in indices)
            if any(not 1 <= place <= length for place, length in zip(places, array.shape, strict=False)):
                raise ValueError(f"{''.join(name)} has no entry {places}: its shape is {array.shape}")
            return _as_value(array[tuple(place - 1 for place in places)])

        return entry

    def _indices(self) -> list[Any]:
        self._take("_")
        if not self._takes("{"):
            return [self._index_part()]
        indices = []
        while not self._takes("}"):
            indices.append(self._index())
            self._takes(",")
        return indices

    def _index(self) -> Any:
        index = self._index_part()
        while sign := self._takes("+", "-"):
            index = _applied(operator.add if sign == "+" else operator.sub, index, self._index_part())
        return index

    def _index_part(self) -> Any:
        if self._next is not None and self._next.isdigit():
            return _constant(self._number(self._take()))
        if (named := self._longest_name()) is not None:
            return self._named(*named)
        return self._letter(self._take())

    def _letter(self, letter: str) -> Any:
        if letter not in self.bound:
            self.free.add(letter)
        return Letter(letter)

    def _over_index(self, token: str) -> Closure:
        """A sum, a product or an extreme over the values of an index."""
        self._take("_")
        braces = self._takes("{")
        letter = self._take()
        condition = self._takes(*CONDITIONS) if braces else None
        limit = self._sum_of_terms() if condition else _constant(1.0)
        if braces:
            self._take("}")
        upper = self._group() if self._takes("^") else None
        self.bound.append(letter)
        body = self._term()
        self.bound.pop()
        combine: Any = {r"\sum": sum, r"\prod": math.prod, r"\max": max, r"\min": min}[token]

        def over_index(env: dict[str, int]) -> Value:
            first = int(np.asarray(limit(env))) if condition == "=" else 1
            last = self.extents.get(letter) if upper is None else int(upper(env))
            if last is None:
                raise ValueError(f"nothing says how far index {letter} runs")
            values = list(range(first, last + 1))
            if condition is not None and condition != "=":
                values = [value for value in values if CONDITIONS[condition](value, limit(env))]
            return _as_value(combine(body({**env, letter: value}) for value in values))

        return over_index


@dataclass(frozen=True)
class Letter:
    """An index that is a letter."""

    letter: str

    def __call__(self, env: dict[str, int]) -> int:
        """Its value."""
        return _index(env, self.letter)


def _index(env: dict[str, int], letter: str) -> int:
    if letter not in env:
        raise ValueError(f"{letter!r} has no value")
    return env[letter]


def _constant(value: Value) -> Closure:
    return lambda env: value


def _applied(function: Callable[..., Any], *arguments: Any) -> Closure:
    return lambda env: _as_value(function(*(argument(env) for argument in arguments)))


def _negated(closure: Closure) -> Closure:
    return lambda env: -closure(env)


def _as_value(value: Any) -> Value:
    """A number, or a matrix; a vector becomes a column."""
    array = np.asarray(value.detach() if hasattr(value, "detach") else value, dtype=float)
    if array.size == 1:
        return array.item()
    return array[:, None] if array.ndim == 1 else array


def _product(left: Value, right: Value) -> Any:
    return left * right if np.ndim(left) == 0 or np.ndim(right) == 0 else left @ right  # type: ignore[operator]


def _dot(left: Value, right: Value) -> Any:
    if np.ndim(left) and np.shape(left) == np.shape(right) and np.shape(left)[1] == 1:
        return np.sum(left * right)
    return _product(left, right)


def _power(base: Value, exponent: Value) -> Any:
    return np.linalg.matrix_power(base, int(exponent)) if np.ndim(base) else base**exponent


def _softmax(scores: np.ndarray) -> np.ndarray:
    """Of each row; of a column, over its entries."""
    axis = 0 if scores.shape[-1] == 1 else -1
    powers = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)
