"""The ledger of equations in small books that are really built."""

import contextlib
import io

import nbformat
import pytest
from bs4 import BeautifulSoup
from myst_nb.ext.glue import GLUE_PREFIX
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

EQUATION = "```{{math}}\n:label: {}\nx = x\n```\n"


def markdown(name, *labels):
    return nbformat.v4.new_markdown_cell(f"# {name}\n\n" + "\n".join(map(EQUATION.format, labels)), id=name)


def code(name, *tags, **recorded):
    """A cell that has been executed; what it recorded is as `glue` leaves it."""
    outputs = [
        nbformat.v4.new_output(
            "display_data",
            data={f"{GLUE_PREFIX}text/plain": text},
            metadata={"scrapbook": {"name": f"check:{label}", "mime_prefix": GLUE_PREFIX}},
        )
        for label, text in recorded.items()
    ]
    return nbformat.v4.new_code_cell("1 < 2", id=name, metadata={"tags": list(tags)}, outputs=outputs)


def build(folder, **pages):
    """Build a book of notebooks with a ledger on its first page; return that page and the warnings."""
    for name, cells in pages.items():
        metadata = {"language_info": {"name": "python", "pygments_lexer": "python"}}
        nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=metadata), folder / f"{name}.ipynb")
    contents = "\n".join(pages)
    (folder / "index.md").write_text(f"# Book\n\n```{{toctree}}\n{contents}\n```\n\n```{{equation-ledger}}\n```\n")
    settings = {
        "extensions": ["myst_nb", "_sphinx.equations"],
        "source_suffix": {".md": "myst-nb", ".ipynb": "myst-nb"},
        "exclude_patterns": ["_build"],
        "nb_execution_mode": "off",
        "numfig": True,
    }
    warnings = io.StringIO()
    with patch_docutils(folder), docutils_namespace(), contextlib.redirect_stderr(io.StringIO()):
        out = folder / "_build" / "html"
        app = Sphinx(folder, None, out, out.parent / "doctrees", "html", settings, status=None, warning=warnings)
        app.build()
    return BeautifulSoup((out / "index.html").read_text(), "html.parser"), warnings.getvalue()


def rows_of(page):
    return [[entry.get_text(strip=True) for entry in row.find_all("td")] for row in page.select("tbody tr")]


@pytest.mark.filterwarnings("default")  # Sphinx's own are not ours to mend
def test_the_ledger_lists_equations_cells_and_errors(tmp_path):
    pages = {
        "one": [
            markdown("first", "sum", "def-loss"),
            code("check-sum", "check:sum", "hide-input", sum="2.5e-13"),
            code("check-again", "check:sum"),
        ],
        "two": [markdown("second", "bound"), code("check-bound", "check:bound")],
    }
    page, warnings = build(tmp_path, **pages)
    assert warnings == ""
    assert rows_of(page) == [
        ["first", "(1)sum", "check-sum,check-again", "2.5e-13"],
        ["first", "(2)def-loss", "definition", ""],
        ["second", "(3)bound", "check-bound", "holds"],
    ]
    for link in page.select("tbody a"):
        target, _, anchor = link["href"].partition("#")
        other = BeautifulSoup((tmp_path / "_build" / "html" / target).read_text(), "html.parser")
        assert not anchor or other.find(id=anchor)
    assert other.find(id="cell-check-bound").get_text().strip() == "1 < 2"

    pages["two"][1] = code("check-bound", "check:bound", bound="0.0")
    page, warnings = build(tmp_path, **pages)  # the ledger's own page has not changed
    assert warnings == ""
    assert rows_of(page)[-1] == ["second", "(3)bound", "check-bound", "0"]


@pytest.mark.filterwarnings("default")
def test_what_does_not_fit_is_a_warning(tmp_path):
    _, warnings = build(
        tmp_path,
        one=[
            markdown("first", "bare", "wrong", "hidden", "negative"),
            code("elsewhere", "check:other"),
            code("check-wrong", "check:wrong", wrong="'small'"),
            code("check-negative", "check:negative", negative="-1.0"),
            code("check-hidden", "check:hidden", "remove-cell"),
            code("lost", bare="0.0"),
        ],
        two=[markdown("second", "other")],
    )
    for message in (
        "equation 'bare' has no check: tag a cell check:bare, or begin the label of a definition with def-",
        "check:bare is recorded, but no cell has this tag",
        "cell 'check-hidden' checks an equation, but is not shown",
        "equation 'hidden' has no check",
        "check:wrong: 'small' is not a finite number of at least 0",
        "check:negative: -1.0 is not a finite number of at least 0",
        "check:other checks no equation of this page",
        "equation 'other' has no check",
    ):
        assert message in warnings
    assert len(warnings.splitlines()) == 8
