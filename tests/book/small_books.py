"""Small books of notebooks that are really built."""

import contextlib
import io

import nbformat
from bs4 import BeautifulSoup
from myst_nb.ext.glue import GLUE_PREFIX
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils


def markdown(name, text):
    return nbformat.v4.new_markdown_cell(text, id=name)


def code(name, source="1 < 2", *, metadata=None, recorded=None):
    """A cell that has been executed; what it recorded is as `glue` leaves it."""
    outputs = [
        nbformat.v4.new_output(
            "display_data",
            data={f"{GLUE_PREFIX}text/plain": text},
            metadata={"scrapbook": {"name": key, "mime_prefix": GLUE_PREFIX}},
        )
        for key, text in (recorded or {}).items()
    ]
    return nbformat.v4.new_code_cell(source, id=name, metadata=metadata or {}, outputs=outputs)


def build(folder, extension, ledger, pages, **settings):
    """Build a book with a ledger on its first page; return that page and the warnings."""
    metadata = {
        "kernelspec": {"name": "python3", "display_name": "Python 3"},
        "language_info": {"name": "python", "pygments_lexer": "python"},
    }
    for name, cells in pages.items():
        nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=metadata), folder / f"{name}.ipynb")
    contents = "\n".join(pages)
    (folder / "index.md").write_text(f"# Book\n\n```{{toctree}}\n{contents}\n```\n\n```{{{ledger}}}\n```\n")
    settings = {
        "extensions": ["myst_nb", extension],
        "source_suffix": {".md": "myst-nb", ".ipynb": "myst-nb"},
        "exclude_patterns": ["_build"],
        "nb_execution_mode": "off",
        "numfig": True,
        **settings,
    }
    warnings = io.StringIO()
    with patch_docutils(folder), docutils_namespace(), contextlib.redirect_stderr(io.StringIO()):
        out = folder / "_build" / "html"
        app = Sphinx(folder, None, out, out.parent / "doctrees", "html", settings, status=None, warning=warnings)
        app.build()
    return read(folder, "index"), warnings.getvalue()


def read(folder, page):
    """A page that was built."""
    return BeautifulSoup((folder / "_build" / "html" / f"{page}.html").read_text(), "html.parser")


def rows_of(page):
    """The rows of the ledger."""
    return [[entry.get_text(strip=True) for entry in row.find_all("td")] for row in page.select("tbody tr")]
