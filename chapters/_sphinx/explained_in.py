"""Links between the reference and the chapters, both ways.

A chapter explains what it shows: the ``{literalinclude}`` of a ``:pyobject:`` from lmkit. The caption of the listing
gets a link to the reference, and the reference gets the line *Explained in*, with links to all such pages.
"""

import re
from pathlib import Path
from typing import Any

import nbformat
from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.directives.code import LiteralInclude
from sphinx.environment import BuildEnvironment

from _sphinx.public_names import public_name

_LISTING = re.compile(r"\{literalinclude\} \S*?(lmkit/\S+)\.py\n(?::.*\n)*?:pyobject: (\w+)")


def exported_name(module: str, name: str) -> str | None:
    """Public name of what a listing shows; of its class, if it shows a method.

    Args:
        module: A path or a dotted name, for example ``lmkit/models/gpt``.
        name: For example ``GPT.forward``.
    """
    return public_name(f"{module.replace('/', '.')}.{name.split('.')[0]}")


def shown_names(text: str) -> set[str]:
    """Public names of what the listings in the source of a page show."""
    return {name for match in _LISTING.finditer(text) if (name := exported_name(*match.groups()))}


def read_text(page: Path) -> str:
    """The source of a page that may contain listings: the text of a notebook without its code."""
    if page.suffix != ".ipynb":
        return page.read_text(encoding="utf-8")
    cells = nbformat.read(page, as_version=4).cells
    return "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")


def find_explanations(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Note which pages explain what, and read the reference again where that has changed."""
    explanations: dict[str, list[str]] = {}
    for page in sorted(env.found_docs):
        for name in shown_names(read_text(Path(env.doc2path(page)))):
            explanations.setdefault(name, []).append(page)
    if explanations != getattr(env, "explanations", {}):
        docnames += [page for page in env.found_docs if page.startswith("chapters/api/") and page not in docnames]
    env.explanations = explanations


def say_where_explained(app: Sphinx, what: str, name: str, obj: Any, options: Any, lines: list[str]) -> None:
    """Add the links to a docstring."""
    if pages := app.env.explanations.get(name):
        links = ", ".join(f":doc:`/{page}`" for page in pages)
        lines += ["", ".. container:: explained-in", "", f"   Explained in {links}.", ""]


class LinkedListing(LiteralInclude):
    """Sphinx's directive; the caption of a listing from lmkit links to the reference."""

    def run(self) -> list[nodes.Node]:
        """Include the source, and add the link."""
        result = super().run()
        module = Path(self.env.relfn2path(self.arguments[0])[0]).with_suffix("").as_posix()
        name = exported_name(module, self.options.get("pyobject", ""))
        if name is not None:
            for caption in (caption for node in result for caption in node.findall(nodes.caption)):
                link = pending_xref("", refdomain="py", reftype="obj", reftarget=name, refwarn=True)
                link["refdoc"] = self.env.docname
                link += nodes.literal("", name, classes=["xref", "py"])
                caption += [nodes.Text(" · "), link]
        return result


def setup(app: Sphinx) -> dict[str, bool]:
    """Called by Sphinx."""
    app.add_directive("literalinclude", LinkedListing, override=True)
    app.connect("env-before-read-docs", find_explanations)
    app.connect("autodoc-process-docstring", say_where_explained, priority=600)  # after napoleon
    return {"parallel_read_safe": True, "parallel_write_safe": True}
