"""Docstrings for Sphinx: ``$...$`` and ``$$...$$`` become formulas, and constants keep their descriptions."""

import re
from typing import Any

from numpy.typing import ArrayLike
from sphinx.application import Sphinx
from sphinx.pycode import ModuleAnalyzer
from sphinx.util.typing import stringify_annotation

from _sphinx.public_names import definitions

# Literals and doctest lines come first, so that a dollar inside them is left alone.
_MARKUP = re.compile(
    r"(?P<literal>``.+?``|^[ ]*(?:>>>|\.\.\.)[ ][^\n]*)"
    r"|^(?P<indent>[ ]*)\$\$(?P<display>.+?)\$\$[ ]*$"
    r"|(?<![\\$])\$(?P<inline>(?:[^$\n]|\n(?!\s*\n))+)\$(?P<suffix>\w?)",
    re.DOTALL | re.MULTILINE,
)


def render_math(app: Sphinx, what: str, name: str, obj: Any, options: Any, lines: list[str]) -> None:
    """Turn the dollars of a docstring into formulas."""
    lines[:] = math_as_rst("\n".join(lines)).split("\n")


def math_as_rst(text: str) -> str:
    """Turn ``$...$`` into the math role, and ``$$...$$`` on lines of its own into the math directive."""
    return _MARKUP.sub(_math_as_rst, text)


def _math_as_rst(match: re.Match[str]) -> str:
    if match["literal"]:
        return match["literal"]
    if match["inline"]:
        return f":math:`{match['inline']}`" + (f"\\ {match['suffix']}" if match["suffix"] else "")
    indent = match["indent"]
    formula = "\n".join(f"{indent}   {line.strip()}" for line in match["display"].strip().splitlines())
    return f"\n{indent}.. math::\n\n{formula}\n"


def describe_constant(app: Sphinx, what: str, name: str, obj: Any, options: Any, lines: list[str]) -> None:
    """Take the description of a constant from the module that defines it; autodoc looks only where it is exported."""
    if what == "data":
        package, _, constant = name.rpartition(".")
        comments = ModuleAnalyzer.for_module(definitions(package)[constant]).find_attr_docs()
        lines[:] = comments.get(("", constant), [])


def keep_first_line_whole(app: Sphinx, what: str, name: str, obj: Any, options: Any, lines: list[str]) -> None:
    """Napoleon would take what precedes a colon in the first line of a variable's docstring for its type."""
    if what in ("attribute", "data", "property"):
        lines.insert(0, "")


def name_array_like(
    app: Sphinx, what: str, name: str, obj: Any, options: Any, signature: str | None, returns: str | None
) -> tuple[str | None, str | None]:
    """Write numpy's ``ArrayLike`` by its name instead of the union of a dozen types that it stands for."""
    union = stringify_annotation(ArrayLike, "smart")
    return signature and signature.replace(union, "~numpy.typing.ArrayLike"), returns


def setup(app: Sphinx) -> dict[str, bool]:
    """Called by Sphinx."""
    for position, listener in enumerate((describe_constant, render_math, keep_first_line_whole)):
        app.connect("autodoc-process-docstring", listener, priority=400 + position)  # before napoleon
    app.connect("autodoc-process-signature", name_array_like)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
