"""What belongs together stays on one line: a number and its sign, a formula and the comma after it.

A browser may break a line at any space, and after a formula, which is a box of its own.
"""

import re

from docutils import nodes
from sphinx.application import Sphinx

SPACE_IN_NUMBER = re.compile(r"(?<=\d) (?=[%±·])|(?<=[±·]) (?=\d)")
CLOSING = re.compile(r"[.,;:!?)\]]+")
EXPERIMENT = "python chapters/_experiments/"
VERBATIM = (nodes.literal, nodes.FixedTextElement, nodes.math, nodes.math_block, nodes.raw, nodes.comment)
NO_BREAK = "\N{NO-BREAK SPACE}"


def join_numbers(doctree: nodes.document) -> None:
    """Put a space that does not break into ``34 %``, ``1.4 ± 0.1`` and ``5 · 10⁻⁷``, also across an inserted value."""
    for text in list(doctree.findall(nodes.Text)):
        parent = text.parent
        if isinstance(parent, VERBATIM):
            continue
        joined = SPACE_IN_NUMBER.sub(NO_BREAK, text)
        place = parent.index(text)
        if joined.startswith((" %", " ±", " ·")) and place and parent[place - 1].astext()[-1:].isdigit():
            joined = NO_BREAK + joined[1:]
        if joined != text:
            parent.replace(text, nodes.Text(joined))


def join_formulas(doctree: nodes.document) -> None:
    """Keep a formula in a sentence on one line with the punctuation that follows it."""
    for formula in list(doctree.findall(nodes.math)):
        parent = formula.parent
        place = parent.index(formula)
        following = parent[place + 1] if place + 1 < len(parent) else None
        if isinstance(following, nodes.Text) and (closing := CLOSING.match(following)):
            parent[place : place + 2] = [
                nodes.inline("", "", formula, nodes.Text(closing[0]), classes=["together"]),
                nodes.Text(following[closing.end() :]),
            ]


def set_origins(doctree: nodes.document) -> None:
    """Set the command of an experiment as code, and what follows it as plain text: it is not a result."""
    for value in list(doctree.findall(nodes.inline)):
        text = value.astext()
        if "pasted-text" in value["classes"] and text.startswith(EXPERIMENT):
            command, comma, rest = text.partition(",")
            value["classes"].append("origin")
            value[:] = [nodes.literal("", command), nodes.Text(comma + rest)]


def set_text(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Change the text of a page, on the site and in print."""
    if app.builder.format == "html":
        set_origins(doctree)
        join_numbers(doctree)
        join_formulas(doctree)


def setup(app: Sphinx) -> dict[str, bool]:
    """Called by Sphinx."""
    app.connect("doctree-resolved", set_text, priority=960)  # after the download has been noted
    return {"parallel_read_safe": True, "parallel_write_safe": True}
