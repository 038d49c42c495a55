"""The ``{diagram}`` directive: boxes and arrows from a few lines of text, drawn when the book is built.

The argument is the caption, the required option ``alt`` says in words what the diagram shows, and ``name`` makes
it a target for ``{numref}``, like any figure. The body is described in ``diagram_text.py``.
"""

from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from _sphinx.diagram_svg import draw
from _sphinx.diagram_text import read_diagram


class DiagramDirective(SphinxDirective):
    """A figure whose picture is drawn from its body."""

    has_content = True
    required_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar[dict[str, Any]] = {"alt": directives.unchanged_required, "name": directives.unchanged}

    def run(self) -> list[nodes.Node]:
        """Draw."""
        if not self.options.get("alt"):
            raise self.error("a diagram needs :alt:, which says in words what it shows")
        caption_nodes, messages = self.state.inline_text(self.arguments[0], self.lineno)
        caption = nodes.caption(self.arguments[0], "", *caption_nodes)
        try:
            svg = draw(
                read_diagram("\n".join(self.content)),
                name=f"diagram-{self.env.new_serialno('diagram')}",
                title=caption.astext(),
                description=self.options["alt"],
            )
        except ValueError as error:
            raise self.error(str(error)) from error
        picture = nodes.raw("", svg, format="html")
        figure = nodes.figure("", picture, caption, classes=["diagram-figure"], alt=self.options["alt"])
        self.set_source_info(figure)
        self.add_name(figure)
        return [figure, *messages]


def setup(app: Sphinx) -> dict[str, bool]:
    """Called by Sphinx."""
    app.add_directive("diagram", DiagramDirective)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
