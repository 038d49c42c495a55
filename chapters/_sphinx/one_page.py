"""All pages on one, for print: ``jupyter-book build . --builder singlehtml`` writes ``_build/singlehtml/book.html``.

Sphinx joins the pages as they are. But nearly every page has a section called *Summary*, and a link must lead to the
right one. So the links keep the name of their page, and then every id and every link gets it.
"""

from pathlib import Path

from bs4 import BeautifulSoup
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders.singlehtml import SingleFileHTMLBuilder

MARK = "document-"
"""Sphinx puts an empty element before each page; its id is this and the page's name."""


class OnePageBuilder(SingleFileHTMLBuilder):
    """Sphinx's builder, with links that say which page they lead to: ``#document-PAGE#ID``."""

    def fix_refuris(self, tree: nodes.Node) -> None:
        """Leave the links as they are; :func:`join_pages` needs the page's name."""


def join_pages(html: str, root: str, site: str) -> str:
    """Make the ids of all pages differ, and let the links follow.

    Args:
        html: All pages, as Sphinx joins them.
        root: Name of the first one.
        site: Address of the published book, for links to its files.
    """
    soup = BeautifulSoup(html, "html.parser")
    article = soup.find("article")
    article["id"] = f"{MARK}{root}"
    page = root
    for element in article.find_all(True):
        if element.get("id", "").startswith(MARK):
            page = element["id"].removeprefix(MARK)
            continue
        if "id" in element.attrs:
            element["id"] = f"{page}--{element['id']}"
        for name in ("aria-labelledby", "for"):
            if name in element.attrs:
                element[name] = " ".join(f"{page}--{part}" for part in element[name].split())
        if element.name == "a" and "href" in element.attrs:
            element["href"] = _follow(element["href"], page, site)
    return str(soup)


def _follow(href: str, page: str, site: str) -> str:
    """Where a link on a page leads when all pages are one."""
    if href.startswith(f"#{MARK}"):
        target, _, name = href.removeprefix(f"#{MARK}").partition("#")
        return f"#{target}--{name}" if name else href
    if href.startswith("#"):
        return f"#{page}--{href[1:]}"
    return href if ":" in href else site + href


def write_book(app: Sphinx, exception: Exception | None) -> None:
    """Write the page that is printed, at the top of the folder: the addresses on it start there."""
    if exception is not None or app.builder.name != "singlehtml":
        return
    root = app.config.root_doc
    html = Path(app.outdir, f"{root}.html").read_text(encoding="utf-8")
    Path(app.outdir, "book.html").write_text(join_pages(html, root, app.config.html_baseurl), encoding="utf-8")


def setup(app: Sphinx) -> dict[str, bool]:
    """Called by Sphinx."""
    app.add_builder(OnePageBuilder, override=True)
    app.connect("build-finished", write_book)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
