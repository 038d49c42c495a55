"""A page that reads the result of an experiment says where the numbers come from.

Its text shows ``load_experiment("NAME").origin``: the command, how long it took, and on which machine. A page that does
not is a warning, and so fails the build.
"""

import re

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging

from _sphinx.cells import code_cells
from lmkit.book.experiments import read_experiment

LOADS = re.compile(r"""\bload_experiment\(\s*["']([^"']*)["']""")

logger = logging.getLogger(__name__)


def check_origins(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Warn about experiments whose origin the page does not show."""
    text = None
    for cell in code_cells(app.env, docname).values():
        for name in LOADS.findall(cell.source):
            text = text or " ".join(doctree.astext().split())
            if read_experiment(name, app.env.doc2path(docname)).origin not in text:
                advice = f'glue("{name}-origin", experiment.origin) and {{glue:text}}`{name}-origin`'
                logger.warning("does not say where the numbers of %r come from: %s", name, advice, location=docname)


def setup(app: Sphinx) -> dict[str, bool]:
    """Called by Sphinx."""
    app.connect("doctree-resolved", check_origins)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
