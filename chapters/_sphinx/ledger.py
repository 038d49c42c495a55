"""The ledgers: tables over the whole book, filled in when all of its pages have been read."""

from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import make_refnode

Entry = str | list[nodes.Node]
Table = Callable[[Sphinx, str], Iterable[list[Entry]]]
"""Gives the rows of a table, the heads of its columns first, from the application and the page that shows it."""


class LedgerPlace(nodes.General, nodes.Element):
    """Where a table will be when all pages have been read; ``table`` says which one."""


class Ledger(SphinxDirective):
    """A directive that keeps the place of its table; a subclass sets ``table``."""

    table: ClassVar[str]

    def run(self) -> list[nodes.Node]:
        """Keep a place."""
        if not hasattr(self.env, "ledger_pages"):
            self.env.ledger_pages = set()
        self.env.ledger_pages.add(self.env.docname)
        return [LedgerPlace(table=self.table)]


def add_ledger(app: Sphinx, name: str, rows: Table) -> None:
    """Register the directive ``{NAME}`` and the function that gives the rows of its table."""
    app.setup_extension("_sphinx.ledger")
    app.add_directive(name, type("LedgerOf", (Ledger,), {"table": name}))
    app.connect("doctree-resolved", lambda app, doctree, docname: _fill(app, doctree, docname, name, rows))


def in_order_of_contents(app: Sphinx, page: str) -> int:
    """A key that sorts pages as the table of contents does."""
    order = {name: place for place, name in enumerate(app.env.collect_relations())}
    return order.get(page, len(order))


def link_to_page(app: Sphinx, docname: str, page: str) -> list[nodes.Node]:
    """A link to a page, under its title."""
    return [make_refnode(app.builder, docname, page, None, nodes.Text(app.env.titles[page].astext()))]


def link_to_cell(app: Sphinx, docname: str, page: str, cell_id: str) -> nodes.Node:
    """A link to a cell, under its id."""
    return make_refnode(app.builder, docname, page, f"cell-{cell_id}", nodes.literal("", cell_id))


def _fill(app: Sphinx, doctree: nodes.document, docname: str, name: str, rows: Table) -> None:
    for place in list(doctree.findall(LedgerPlace)):
        if place["table"] == name:
            head, *body = [_row(entries) for entries in rows(app, docname)]
            group = nodes.tgroup("", *(nodes.colspec(colwidth=1) for _ in head), cols=len(head))
            group += nodes.thead("", head)
            group += nodes.tbody("", *body)
            place.replace_self(nodes.table("", group))


def _row(entries: list[Entry]) -> nodes.row:
    contents = [[nodes.Text(entry)] if isinstance(entry, str) else entry for entry in entries]
    return nodes.row("", *(nodes.entry("", nodes.paragraph("", "", *content)) for content in contents))


def write_again(app: Sphinx, env: BuildEnvironment) -> set[str]:
    """A ledger changes with every page, so its own page is written in every build."""
    return getattr(env, "ledger_pages", set()) & env.found_docs


def merge(app: Sphinx, env: BuildEnvironment, docnames: set[str], other: Any) -> None:
    """Take over what another process has read."""
    env.ledger_pages = getattr(env, "ledger_pages", set()) | getattr(other, "ledger_pages", set())


def setup(app: Sphinx) -> dict[str, bool]:
    """Called by Sphinx."""
    app.add_node(LedgerPlace)
    app.connect("env-updated", write_again)
    app.connect("env-merge-info", merge)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
