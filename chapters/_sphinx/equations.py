"""The ledger of equations: which cell checks which equation, and how large the error was.

A code cell with the tag ``check:LABEL`` checks the equation ``LABEL`` of its page. It may record the largest error that
it found: ``glue("check:LABEL", error, display=False)``. A definition needs no check; its label begins with ``def-``.
An equation without a check, and a check without an equation, are warnings, and so fail the build. The directive
``{equation-ledger}`` lists all equations.
"""

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import nbformat
from docutils import nodes
from myst_nb.sphinx_ import NbMetadataCollector
from sphinx.application import Sphinx
from sphinx.domains import Domain
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import make_refnode

PREFIX = "check:"
DEFINITION = "def-"

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class PageChecks:
    """What the cells of one page check."""

    cells: dict[str, list[str]]  # ids of the cells, by the label of the equation
    recorded: dict[str, str]  # what was recorded, by the label


class ChecksDomain(Domain):
    """Gathers the checks of all pages."""

    name = "checks"
    label = "checks of equations"
    initial_data: ClassVar[dict[str, Any]] = {"pages": {}}

    @property
    def pages(self) -> dict[str, PageChecks]:
        """The checks of each page that has any, by the page's name."""
        return self.data["pages"]

    def process_doc(self, env: BuildEnvironment, docname: str, document: nodes.document) -> None:
        """Note the checks of a page, and make its checking cells targets of links."""
        path = Path(env.doc2path(docname))
        if path.suffix != ".ipynb":
            return
        cells = nbformat.read(path, as_version=4).cells
        shown = {node["cell_index"]: node for node in document.findall(_is_code_cell)}
        checks: dict[str, list[str]] = {}
        for index, cell in enumerate(cells):
            for label in _checked(cell):
                if index not in shown:
                    logger.warning("cell %r checks an equation, but is not shown", cell.id, location=docname)
                    continue
                checks.setdefault(label, []).append(cell.id)
                if (target := f"cell-{cell.id}") not in shown[index]["ids"]:
                    shown[index]["ids"].append(target)
        recorded = _recorded(env, docname)
        if checks or recorded:
            self.pages[docname] = PageChecks(checks, recorded)

    def clear_doc(self, docname: str) -> None:
        """Forget a page."""
        self.pages.pop(docname, None)

    def merge_domaindata(self, docnames: Iterable[str], otherdata: dict[str, Any]) -> None:
        """Take over the pages that another process has read."""
        self.pages.update({name: checks for name, checks in otherdata["pages"].items() if name in docnames})

    def check_consistency(self) -> None:
        """Warn about equations without a check, and about checks that are none."""
        equations = self.env.get_domain("math").equations
        for label, (docname, _) in equations.items():
            if not self.cells_of(label) and not label.startswith(DEFINITION):
                rule = f"tag a cell {PREFIX}{label}, or begin the label of a definition with {DEFINITION}"
                logger.warning("equation %r has no check: %s", label, rule, location=docname)
        for docname, page in self.pages.items():
            for label in page.cells:
                if equations.get(label, ("",))[0] != docname:
                    logger.warning("%s%s checks no equation of this page", PREFIX, label, location=docname)
            for label, text in page.recorded.items():
                if label not in page.cells:
                    logger.warning("%s%s is recorded, but no cell has this tag", PREFIX, label, location=docname)
                if not _is_error(text):
                    logger.warning(
                        "%s%s: %s is not a finite number of at least 0", PREFIX, label, text, location=docname
                    )

    def cells_of(self, label: str) -> list[str]:
        """Ids of the cells that check an equation, all on its page."""
        docname, _ = self.env.get_domain("math").equations[label]
        return self.pages[docname].cells.get(label, []) if docname in self.pages else []

    def error_of(self, label: str) -> float | None:
        """The error that was recorded for an equation, if any."""
        docname, _ = self.env.get_domain("math").equations[label]
        text = self.pages[docname].recorded.get(label, "") if docname in self.pages else ""
        return float(text) if _is_error(text) else None


def _is_code_cell(node: nodes.Node) -> bool:
    return isinstance(node, nodes.container) and node.get("nb_element") == "cell_code"


def _checked(cell: nbformat.NotebookNode) -> list[str]:
    """Labels of the equations that a cell checks."""
    tags = cell.metadata.get("tags", []) if cell.cell_type == "code" else []
    return [tag.removeprefix(PREFIX) for tag in tags if tag.startswith(PREFIX)]


def _recorded(env: BuildEnvironment, docname: str) -> dict[str, str]:
    """What the cells of a page recorded, by the label of the equation."""
    keys = [key for key in NbMetadataCollector.get_doc_data(env)[docname].get("glue", []) if key.startswith(PREFIX)]
    if not keys:
        return {}
    glued = json.loads(Path(env.mystnb_config.output_folder, f"{docname}.glue.json").read_text(encoding="utf-8"))
    return {key.removeprefix(PREFIX): glued[key]["data"]["text/plain"] for key in keys}


def _is_error(text: str) -> bool:
    try:
        return 0 <= float(text) < math.inf
    except ValueError:
        return False


class LedgerPlace(nodes.General, nodes.Element):
    """Where the ledger will stand when all pages have been read."""


class EquationLedger(SphinxDirective):
    """``{equation-ledger}``: the table of all labelled equations."""

    def run(self) -> list[nodes.Node]:
        """Keep a place."""
        self.env.domaindata["checks"].setdefault("ledgers", set()).add(self.env.docname)
        return [LedgerPlace()]


def write_ledgers_again(app: Sphinx, env: BuildEnvironment) -> set[str]:
    """The ledger changes with every page, so its own page is written in every build."""
    return env.domaindata["checks"].get("ledgers", set()) & env.found_docs


def fill_ledgers(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the table into its place."""
    for place in list(doctree.findall(LedgerPlace)):
        place.replace_self(_table(app, docname))


def _table(app: Sphinx, docname: str) -> nodes.table:
    rows = [_row("Page", "Equation", "Checked by", "Largest error")]
    equations = app.env.get_domain("math").equations
    order = {page: place for place, page in enumerate(app.env.collect_relations())}  # as in the table of contents
    for label, (page, _) in sorted(equations.items(), key=lambda item: (order.get(item[1][0], len(order)), item[1])):
        rows.append(_row(*_describe(app, docname, page, label)))
    group = nodes.tgroup("", *(nodes.colspec(colwidth=1) for _ in range(4)), cols=4)
    group += nodes.thead("", rows[0])
    group += nodes.tbody("", *rows[1:])
    return nodes.table("", group)


def _describe(app: Sphinx, docname: str, page: str, label: str) -> list[str | list[nodes.Node]]:
    """The four entries of an equation."""
    checks, maths = app.env.get_domain("checks"), app.env.get_domain("math")
    title = app.env.titles[page].astext()
    number = maths.resolve_xref(app.env, docname, app.builder, "eq", label, nodes.Element(), nodes.Text(label))
    cells: list[nodes.Node] = []
    for cell in checks.cells_of(label):
        cells += [nodes.Text(", ")] if cells else []
        cells.append(make_refnode(app.builder, docname, page, f"cell-{cell}", nodes.literal("", cell)))
    error = checks.error_of(label)
    verdict = "holds" if error is None else f"{error:.1e}" if error else "0"
    return [
        [make_refnode(app.builder, docname, page, None, nodes.Text(title))],
        [number, nodes.Text(f" {label}")],
        cells or "definition",
        verdict if cells else "",
    ]


def _row(*entries: str | list[nodes.Node]) -> nodes.row:
    row = nodes.row()
    for content in entries:
        children = [nodes.Text(content)] if isinstance(content, str) else content
        row += nodes.entry("", nodes.paragraph("", "", *children))
    return row


def setup(app: Sphinx) -> dict[str, bool]:
    """Called by Sphinx."""
    app.add_domain(ChecksDomain)
    app.add_node(LedgerPlace)
    app.add_directive("equation-ledger", EquationLedger)
    app.connect("env-updated", write_ledgers_again)
    app.connect("doctree-resolved", fill_ledgers)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
