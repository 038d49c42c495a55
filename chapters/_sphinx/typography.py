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
    for element in doctree.findall(nodes.TextElement):
        if isinstance(element, VERBATIM):
            continue
        before = ""
        for place, child in enumerate(element.children):
            if isinstance(child, nodes.Text):
                text = SPACE_IN_NUMBER.sub(NO_BREAK, child)
                if before[-1:].isdigit() and text.startswith((" %", " ±", " ·")):
                    text = NO_BREAK + text[1:]
                element[place] = nodes.Text(text)
            before = child.astext()


def join_formulas(doctree: nodes.document) -> None:
    """Keep a formula in a sentence on one line with the punctuation that follows it."""
    for element in list(doctree.findall(nodes.TextElement)):
        for place in range(len(element) - 1):
            formula, following = element[place : place + 2]
            if not (isinstance(formula, nodes.math) and isinstance(following, nodes.Text)):
                continue
            if closing := CLOSING.match(following):
                element[place] = nodes.inline("", "", formula, nodes.Text(closing[0]), classes=["together"])
                element[place + 1] = nodes.Text(following[closing.end() :])


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
