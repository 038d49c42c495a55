"""All pages on one, for print: ``jupyter-book build . --builder singlehtml`` writes ``_build/singlehtml/book.html``.

The API reference goes to a file of its own, ``reference.html``. Each file begins with a title and its contents.

Sphinx joins the pages as they are. But nearly every page has a section called *Summary*, and a link must lead to the
right one. So the links keep the name of their page, and then every id and every link gets it.
"""

from pathlib import Path

from bs4 import BeautifulSoup, Tag
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders.singlehtml import SingleFileHTMLBuilder

MARK = "document-"
"""Sphinx puts an empty element before each page; its id is this and the page's name."""
REFERENCE = "chapters/api/"
"""The pages that are printed by themselves."""


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


def take_out(soup: BeautifulSoup, part: str) -> list[Tag]:
    """Take the pages whose names begin with ``part`` out of the joined pages, and return their elements."""
    article, taken = soup.find("article"), []
    for mark in article.find_all(id=lambda name: name and name.startswith(f"{MARK}{part}")):
        if article not in mark.parents:
            continue  # below a page that is out already
        page = [mark]
        for element in mark.next_siblings:
            if isinstance(element, Tag) and element.get("id", "").startswith(MARK):
                break
            page.append(element)
        taken += [element.extract() for element in page]
    return taken


def lead_out(soup: BeautifulSoup, site: str) -> None:
    """Let links to pages that are not in the file lead to the site."""
    here = {element["id"] for element in soup.find_all(id=True)}
    for link in soup.find("article").find_all("a", href=lambda href: href and href.startswith("#")):
        if (target := link["href"][1:]) not in here:
            page, _, name = target.removeprefix(MARK).partition("--")
            link["href"] = f"{site}{page}.html" + (f"#{name}" if name else "")


def add_front(soup: BeautifulSoup, title: str, author: str, site: str) -> None:
    """Put a title page and the contents in front; ``printing.py`` fills the numbers of the sheets in."""
    article = soup.find("article")
    lines = []
    for mark in [article, *article.find_all("span")]:
        if mark.get("id", "").startswith(MARK):
            name = mark.find_next(["h1", "h2", "h3", "h4"]).get_text().rstrip("#\N{PILCROW SIGN}")
            lines.append(f'<li><a href="#{mark["id"]}">{name}</a> <span class="sheet"></span></li>')
    front = f"""<div class="title-page">
<p class="title">{title}</p><p>{author}</p><p><a href="{site}">{site}</a></p></div>
<nav class="contents" aria-label="Contents"><p class="title">Contents</p><ul>{"".join(lines)}</ul></nav>"""
    for old in soup.select("#jb-print-docs-body"):  # the theme's own title, on the first sheet of each page
        old.decompose()
    article.insert_before(BeautifulSoup(front, "html.parser"))


def write_book(app: Sphinx, exception: Exception | None) -> None:
    """Write the files that are printed, at the top of the folder: the addresses on them start there."""
    if exception is not None or app.builder.name != "singlehtml":
        return
    root, site, project = app.config.root_doc, app.config.html_baseurl, app.config.project
    joined = join_pages(Path(app.outdir, f"{root}.html").read_text(encoding="utf-8"), root, site)
    book, reference = (BeautifulSoup(joined, "html.parser") for _ in range(2))
    take_out(book, REFERENCE)
    pages = take_out(reference, REFERENCE)
    del reference.find("article")["id"]
    reference.find("article").clear()
    reference.find("article").extend(pages)
    for name, title, soup in (("book", project, book), ("reference", f"{project}. API reference", reference)):
        lead_out(soup, site)
        add_front(soup, title, app.config.author, site)
        Path(app.outdir, f"{name}.html").write_text(str(soup), encoding="utf-8")


def setup(app: Sphinx) -> dict[str, bool]:
    """Called by Sphinx."""
    app.add_builder(OnePageBuilder, override=True)
    app.connect("build-finished", write_book)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
