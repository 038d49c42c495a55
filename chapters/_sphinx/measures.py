"""What the build prints at its end about each page that is a notebook: its size, and how much of it is checked."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.domains import Domain
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

from _sphinx.execution import seconds_per_page

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Size:
    """Words of running text, headings and captions; figures."""

    words: int
    figures: int


class SizesDomain(Domain):
    """Gathers the sizes of all pages."""

    name = "sizes"
    label = "sizes of pages"
    initial_data: ClassVar[dict[str, Any]] = {"pages": {}}

    def process_doc(self, env: BuildEnvironment, docname: str, document: nodes.document) -> None:
        """Measure a page."""
        self.data["pages"][docname] = measure(document)

    def clear_doc(self, docname: str) -> None:
        """Forget a page."""
        self.data["pages"].pop(docname, None)

    def merge_domaindata(self, docnames: Iterable[str], otherdata: dict[str, Any]) -> None:
        """Take over the pages that another process has read."""
        self.data["pages"].update({name: otherdata["pages"][name] for name in docnames if name in otherdata["pages"]})


def measure(document: nodes.document) -> Size:
    """Measure a page: code, displayed formulas and the outputs of cells are no words."""
    texts = document.findall(lambda node: isinstance(node, nodes.paragraph | nodes.title | nodes.caption))
    return Size(
        words=sum(len(text.astext().split()) for text in texts), figures=len(list(document.findall(nodes.figure)))
    )


def report(app: Sphinx, exception: Exception | None) -> None:
    """Print a line for each page that was executed, the slowest first."""
    if exception is not None or not (seconds := seconds_per_page(app.env)):
        return
    equations = app.env.get_domain("math").equations
    checks = app.env.get_domain("checks").pages
    logger.info(" seconds   words  figures  equations  checks  page")
    for page, taken in seconds.items():
        size = app.env.domaindata["sizes"]["pages"][page]
        labelled = sum(docname == page for docname, _ in equations.values())
        cells = {cell for ids in checks[page].cells.values() for cell in ids} if page in checks else ()
        logger.info("%8.1f %7d %8d %10d %7d  %s", taken, size.words, size.figures, labelled, len(cells), page)


def setup(app: Sphinx) -> dict[str, bool]:
    """Called by Sphinx."""
    app.setup_extension("_sphinx.equations")
    app.add_domain(SizesDomain)
    app.connect("build-finished", report)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
