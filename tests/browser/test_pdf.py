"""A small book, printed."""

import contextlib
import io
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from _sphinx import printing
from pypdf import PdfReader
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("default")]  # Sphinx's own are not ours to mend

PAGES = {
    "chapters/index": "# Book\n\nGo to [the first](one.md).\n\n```{toctree}\none\ntwo\n```\n\n"
    "```{toctree}\napi/index\n```\n",
    "chapters/api/index": "# Reference\n\nBack to {ref}`a page <first>`.\n",
    "chapters/one": "# First\n\nSee [the reference](api/index.md), {eq}`half`, {ref}`the other summary <second>`.\n\n"
    "(first)=\n## Summary\n\nWords.\n",
    "chapters/two": "# Two\n\n```{math}\n:label: half\nx = \\frac{1}{2}\n```\n\n(second)=\n## Summary\n\n![A](a.svg)\n",
}
SETTINGS = {
    "extensions": ["myst_parser", "sphinx_book_theme", "_sphinx.offline", "_sphinx.one_page"],
    "source_suffix": {".md": "markdown"},
    "html_theme": "sphinx_book_theme",
    "html_baseurl": "https://book.example/",
    "project": "A small book",
    "author": "Nobody",
    "html_static_path": [str(Path(__file__).parents[2] / "chapters" / "_sphinx" / "static")],
    "html_css_files": ["book.css"],
    "mathjax_path": "mathjax/tex-svg.js",
    "master_doc": "chapters/index",
}
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="90"><circle cx="45" cy="45" r="40" fill="red"/></svg>'


@pytest.fixture(scope="module")
def printed(chromium, tmp_path_factory):
    folder = tmp_path_factory.mktemp("book")
    (folder / "chapters" / "api").mkdir(parents=True)
    (folder / "chapters" / "a.svg").write_text(SVG)
    for name, text in PAGES.items():
        (folder / f"{name}.md").write_text(text)
    out, trees, warnings = folder / "_build" / "singlehtml", folder / "_build" / "trees", io.StringIO()
    with patch_docutils(folder), docutils_namespace(), contextlib.redirect_stderr(io.StringIO()):
        app = Sphinx(folder, None, out, trees, "singlehtml", SETTINGS, status=None, warning=warnings)
        app.set_html_assets_policy("always")  # as Jupyter Book does
        app.build()
    assert warnings.getvalue() == ""
    with ThreadPoolExecutor(1) as own_thread:  # Playwright refuses a second loop in the thread of the first
        own_thread.submit(printing.main, folder / "_build").result()
    return folder / "_build" / "pdf"


@pytest.fixture(scope="module")
def pdf(printed):
    return PdfReader(printed / "book.pdf")


def test_every_page_starts_a_new_sheet(pdf):
    texts = [sheet.extract_text() for sheet in pdf.pages]
    titles = ("A small book", "Contents", "Book", "First", "Two")
    assert [title in text for title, text in zip(titles, texts, strict=True)] == [True] * 5
    assert "Nobody" in texts[0]


def test_the_contents_give_the_sheets(pdf):
    assert pdf.pages[1].extract_text().split()[:7] == ["Contents", "Book", "3", "First", "4", "Two", "5"]
    assert pdf.pages[3].extract_text().split()[-1] == "4"


def test_the_reference_is_a_file_of_its_own(printed, pdf):
    texts = [sheet.extract_text() for sheet in PdfReader(printed / "reference.pdf").pages]
    assert "API reference" in texts[0]
    assert "Back to" in texts[2]
    assert not any("Back to" in sheet.extract_text() for sheet in pdf.pages)
    assert addresses(pdf)[-1] == "https://book.example/chapters/api/index.html"


def addresses(pdf):
    """Where links lead that leave the file."""
    links = [annotation.get_object() for sheet in pdf.pages for annotation in sheet.get("/Annots", [])]
    return [link["/A"]["/URI"] for link in links if "/A" in link]


def test_formulas_are_set(pdf):
    assert not any("frac" in sheet.extract_text() for sheet in pdf.pages)


def test_links_lead_to_the_right_sheet(pdf):
    links = [annotation.get_object() for sheet in pdf.pages for annotation in sheet.get("/Annots", [])]
    targets = [link["/Dest"] for link in links if "/Dest" in link]
    assert len(targets) == len(links) - len(addresses(pdf))
    sheets = {name: pdf.get_destination_page_number(pdf.named_destinations[name]) for name in targets}
    assert sheets["/document-chapters/one"] == 3
    assert sheets["/chapters/two--equation-half"] == 4
    assert sheets["/chapters/two--second"] == 4


def test_the_outline_names_the_pages(pdf):
    def titles(entries):
        return [title for entry in entries for title in (titles(entry) if isinstance(entry, list) else [entry.title])]

    assert {"First", "Two"} <= set(titles(pdf.outline))
