"""The ledger of equations: which cell checks which equation, and how large the error was.

A code cell with the tag ``check:LABEL`` checks the equation ``LABEL`` of its page. It may record the largest error that
it found: ``glue("check:LABEL", error)``. A definition needs no check; its label begins with ``def-``. A cell that calls
``check_equation("LABEL", ...)`` of ``lmkit.book`` evaluates the formula from the LaTeX of the page.
An equation without a check, and a check without an equation, are warnings, and so fail the build. The directive
``{equation-ledger}`` lists all equations.
"""

import json
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import nbformat
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.domains import Domain
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

from _sphinx.cells import code_cells, make_target, recorded, shown_cells, unquoted
from _sphinx.ledger import Entry, add_ledger, in_order_of_contents, link_to_cell, link_to_page
from lmkit.book.equations import PREFIX as LATEX

PREFIX = "check:"
DEFINITION = "def-"
EVALUATES = re.compile(r"""\bcheck_equation\(\s*["']([^"']*)["']""")

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class PageChecks:
    """What the cells of one page check."""

    cells: dict[str, list[str]]  # ids of the cells, by the label of the equation
    recorded: dict[str, str]  # what was recorded, by the label
    evaluated: dict[str, float]  # the errors of formulas that were evaluated from their LaTeX, by the label


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
        shown = shown_cells(document)
        checks: dict[str, list[str]] = {}
        for index, cell in code_cells(env, docname).items():
            for label in _checked(cell):
                if index not in shown:
                    logger.warning("cell %r checks an equation, but is not shown", cell.id, location=docname)
                    continue
                checks.setdefault(label, []).append(cell.id)
                make_target(shown[index], cell.id)
        errors = recorded(env, docname, PREFIX)
        evaluated = self._evaluated(docname, document)
        for label in (label for cell in code_cells(env, docname).values() for label in EVALUATES.findall(cell.source)):
            if label not in evaluated:
                logger.warning("equation %r was not evaluated: its cell recorded nothing", label, location=docname)
        if checks or errors or evaluated:
            self.pages[docname] = PageChecks(checks, errors, evaluated)

    def _evaluated(self, docname: str, document: nodes.document) -> dict[str, float]:
        """The errors of the formulas that cells evaluated, if these are the formulas that the page shows."""
        formulas = {node["label"]: node.astext() for node in document.findall(nodes.math_block) if node.get("label")}
        evaluated = {}
        for label, text in recorded(self.env, docname, LATEX).items():
            record = json.loads(unquoted(text))
            if formulas.get(label, "").split() == record["latex"].split():
                evaluated[label] = record["error"]
            else:
                logger.warning("check_equation(%r): this is not a formula of the page", label, location=docname)
        return evaluated

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
            for label in page.evaluated:
                if label not in page.cells:
                    logger.warning(
                        "%r is evaluated, but no cell has the tag %s%s", label, PREFIX, label, location=docname
                    )
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
        return float(text) if _is_error(text) else self.evaluation_of(label)

    def evaluation_of(self, label: str) -> float | None:
        """The error with which a formula was evaluated from its LaTeX, if it was."""
        docname, _ = self.env.get_domain("math").equations[label]
        return self.pages[docname].evaluated.get(label) if docname in self.pages else None


def _checked(cell: nbformat.NotebookNode) -> list[str]:
    """Labels of the equations that a cell checks."""
    return [tag.removeprefix(PREFIX) for tag in cell.metadata.get("tags", []) if tag.startswith(PREFIX)]


def _is_error(text: str) -> bool:
    try:
        return 0 <= float(text) < math.inf
    except ValueError:
        return False


def rows(app: Sphinx, docname: str) -> Iterator[list[Entry]]:
    """The table of all labelled equations, for the directive ``{equation-ledger}``."""
    yield ["Page", "Equation", "Checked by", "How", "Largest error"]
    checks, maths = app.env.get_domain("checks"), app.env.get_domain("math")
    equations = [
        (in_order_of_contents(app, page), number, page, label) for label, (page, number) in maths.equations.items()
    ]
    for _, _, page, label in sorted(equations):
        number = maths.resolve_xref(app.env, docname, app.builder, "eq", label, nodes.Element(), nodes.Text(label))
        cells: list[nodes.Node] = []
        for cell in checks.cells_of(label):
            cells += [nodes.Text(", ")] if cells else []
            cells.append(link_to_cell(app, docname, page, cell))
        error = checks.error_of(label)
        verdict = "holds" if error is None else f"{error:.1e}" if error else "0"
        how = "by hand" if checks.evaluation_of(label) is None else "from its LaTeX"
        yield [
            link_to_page(app, docname, page),
            [number, nodes.Text(f" {label}")],
            cells or "definition",
            how if cells else "",
            verdict if cells else "",
        ]


def setup(app: Sphinx) -> dict[str, bool]:
    """Called by Sphinx."""
    app.add_domain(ChecksDomain)
    add_ledger(app, "equation-ledger", rows)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
