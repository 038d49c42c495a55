"""Claims: sentences of a page, each with a cell that asserts it.

A cell asserts: ``with claim("NAME", "what is asserted", ...)``, from ``lmkit.book``. The text cites it with the role
``{claim}`NAME` `` after the sentence, also in a caption, a table or the alternative text of an image; the role shows a
mark that leads to the cell. A claim without a cell, a cell without a sentence, and a claim that was not tested are
warnings, and so fail the build. So is a claim that did not come out, in continuous integration and in ``make test``;
elsewhere the page says so beside the sentence. The directive ``{claim-ledger}`` lists all claims.
"""

import json
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from typing import Any, ClassVar

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.domains import Domain
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxRole
from sphinx.util.nodes import make_refnode

from _sphinx.cells import code_cells, make_target, recorded, shown_cells, unquoted
from _sphinx.ledger import Entry, add_ledger, in_order_of_contents, link_to_cell, link_to_page
from lmkit.book.claims import PREFIX, describe

IN_CODE = re.compile(r"""\bclaim\(\s*["']([^"']*)["']""")
IN_ALT = re.compile(r"\s*\{claim\}`([^`]*)`")
SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
ELSEWHERE: dict[str, Any] = {"type": "ref", "subtype": "claim"}
"""Kind of a warning that another page may put right; ``make book PAGES=...`` leaves it out."""

logger = logging.getLogger(__name__)


class ClaimMark(nodes.Inline, nodes.Element):
    """The mark after a sentence; ``name`` is the claim's."""


class ClaimRole(SphinxRole):
    """``{claim}`NAME` ``."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Keep a place for the mark."""
        return [ClaimMark(name=self.text)], []


@dataclass(frozen=True)
class PageClaims:
    """The claims of one page, by their names."""

    cells: dict[str, str]  # ids of the cells that assert them
    records: dict[str, dict[str, Any]]  # as lmkit.book.Claim.record gives them
    sentences: dict[str, list[str]]  # what the text says


class ClaimsDomain(Domain):
    """Gathers the claims of all pages."""

    name = "claims"
    label = "claims"
    initial_data: ClassVar[dict[str, Any]] = {"pages": {}}

    @property
    def pages(self) -> dict[str, PageClaims]:
        """The claims of each page that has any, by the page's name."""
        return self.data["pages"]

    def process_doc(self, env: BuildEnvironment, docname: str, document: nodes.document) -> None:
        """Note the claims of a page, and make their cells targets of links."""
        shown, cells = shown_cells(document), {}
        for index, cell in code_cells(env, docname).items():
            for name in IN_CODE.findall(cell.source):
                self._check_cell(docname, name, cell, is_shown=index in shown, is_second=name in cells)
                cells[name] = cell.id
                if index in shown:
                    make_target(shown[index], cell.id)
        records = {name: json.loads(unquoted(text)) for name, text in recorded(env, docname, PREFIX).items()}
        sentences: dict[str, list[str]] = {}
        for name, sentence in _cited(document):
            sentences.setdefault(name, []).append(sentence)
        if cells or records or sentences:
            self.pages[docname] = PageClaims(cells, records, sentences)

    def _check_cell(self, docname: str, name: str, cell: Any, *, is_shown: bool, is_second: bool) -> None:
        if not is_shown:
            logger.warning("cell %r tests claim %r, but is not shown", cell.id, name, location=docname)
        if is_second:
            logger.warning("claim %r is tested by two cells of this page", name, location=docname)
        if "assert" not in cell.source:
            logger.warning("cell %r tests claim %r, but asserts nothing", cell.id, name, location=docname)

    def clear_doc(self, docname: str) -> None:
        """Forget a page."""
        self.pages.pop(docname, None)

    def merge_domaindata(self, docnames: Iterable[str], otherdata: dict[str, Any]) -> None:
        """Take over the pages that another process has read."""
        self.pages.update({name: claims for name, claims in otherdata["pages"].items() if name in docnames})

    def page_of(self, name: str) -> str | None:
        """The page whose cell tests a claim."""
        return next((docname for docname, page in self.pages.items() if name in page.cells), None)

    def record_of(self, name: str) -> dict[str, Any] | None:
        """How a claim came out, if it was tested."""
        return next((page.records[name] for page in self.pages.values() if name in page.records), None)

    def failure_of(self, name: str) -> str | None:
        """What to say of a claim that did not come out; None if it did, or was not tested."""
        record = self.record_of(name)
        if record is None or record["passed"]:
            return None
        return f"did not come out here ({describe(record['values']) or record['failure'] or 'no values'})"

    def check_consistency(self) -> None:
        """Warn about claims without a cell or a sentence, and about those that failed where none may."""
        cited = {name for page in self.pages.values() for name in page.sentences}
        for docname, page in self.pages.items():
            for name in page.sentences:
                if self.page_of(name) is None:
                    advice = f"with claim({name!r}, ...)"
                    logger.warning("claim %r has no cell: %s", name, advice, location=docname, **ELSEWHERE)
            for name in page.cells:
                if name not in cited:
                    advice = f"put {{claim}}`{name}` after the sentence"
                    logger.warning("claim %r is nowhere in the text: %s", name, advice, location=docname, **ELSEWHERE)
                if (other := self.page_of(name)) != docname:
                    logger.warning("claim %r is also tested on %s", name, other, location=docname)
                if name not in page.records:
                    logger.warning("claim %r was not tested: its cell recorded nothing", name, location=docname)
            for name, record in page.records.items():
                if name not in page.cells:
                    logger.warning("claim %r: write its name into its cell as a text", name, location=docname)
                if self.env.config.strict_claims and not record["passed"]:
                    told = f"{record['statement']}: {self.failure_of(name)}; {record['failure']}"
                    logger.warning("claim %r failed: %s", name, told, location=docname)


def _cited(document: nodes.document) -> Iterator[tuple[str, str]]:
    """Names of the claims that a page cites, each with its sentence; alternative texts lose their roles."""
    for mark in document.findall(ClaimMark):
        yield mark["name"], sentence_before(mark)
    for image in document.findall(_is_picture):
        names = IN_ALT.findall(image.get("alt", ""))
        if names:
            _describe(image, IN_ALT.sub("", image["alt"]).strip())
            image["claims"] = names
            yield from ((name, f"Image: {image['alt']}") for name in names)


def _is_picture(node: nodes.Node) -> bool:
    """Whether it may have an alternative text: an image, or the figure of a diagram."""
    return isinstance(node, nodes.image | nodes.figure)


def _describe(picture: nodes.Element, alt: str) -> None:
    """Change the alternative text of a picture; a diagram has it in its drawing too."""
    for drawing in picture.findall(nodes.raw):
        drawing[:] = [nodes.Text(drawing.astext().replace(escape(picture["alt"]), escape(alt)))]
    picture["alt"] = alt


def sentence_before(mark: nodes.Node) -> str:
    """The sentence at whose end a mark is."""
    block = mark.parent
    while isinstance(block, nodes.Inline):
        block = block.parent
    text = ""
    for node in block.findall():
        if node is mark:
            break
        text += node.astext() if isinstance(node, nodes.Text) else ""
    return SENTENCE_END.split(" ".join(text.split()))[-1]


def fill_marks(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Turn the places into links to the cells, and say what did not come out."""
    claims = app.env.get_domain("claims")
    for mark in list(doctree.findall(ClaimMark)):
        name, page = mark["name"], claims.page_of(mark["name"])
        if page is None:
            mark.parent.remove(mark)
            continue
        failure, record = claims.failure_of(name), claims.record_of(name)
        sign = "✓" if failure is None else "✗"
        said = '<span class="visually-hidden">checked</span>' if failure is None else escape(f" {failure}")
        content = nodes.raw("", f'<span aria-hidden="true">{sign}</span>{said}', format="html")
        target = f"cell-{claims.pages[page].cells[name]}"
        title = f"Checked: {record['statement']}" if record else None
        link = make_refnode(app.builder, docname, page, target, content, title)
        link["classes"] += ["claim"] if failure is None else ["claim", "failed"]
        mark.replace_self(link)
    for image in doctree.findall(_is_picture):
        for name in image.get("claims", ()):
            if failure := claims.failure_of(name):
                _describe(image, f"{image['alt']} (This {failure}.)")


def write_again(app: Sphinx, env: BuildEnvironment) -> set[str]:
    """A page that cites the claim of another page changes with that page, so it is written in every build."""
    pages = env.get_domain("claims").pages
    return {docname for docname, page in pages.items() if set(page.sentences) - set(page.cells)} & env.found_docs


def rows(app: Sphinx, docname: str) -> Iterator[list[Entry]]:
    """The table of all claims, for the directive ``{claim-ledger}``."""
    yield ["Page", "Sentence", "What is asserted", "Seeds", "Margin", "Asserted by"]
    claims = app.env.get_domain("claims")
    for page in sorted(claims.pages, key=lambda page: in_order_of_contents(app, page)):
        for name, cell in claims.pages[page].cells.items():
            record = claims.record_of(name) or {"statement": "", "seeds": None, "margin": None}
            sentences = [sentence for other in claims.pages.values() for sentence in other.sentences.get(name, ())]
            failure = claims.failure_of(name)
            yield [
                link_to_page(app, docname, page),
                " / ".join(sentences),
                record["statement"] + (f" ({failure})" if failure else ""),
                "–" if record["seeds"] is None else str(record["seeds"]),
                "–" if record["margin"] is None else f"{record['margin']:g}",
                [link_to_cell(app, docname, page, cell)],
            ]


def setup(app: Sphinx) -> dict[str, bool]:
    """Called by Sphinx."""
    # An "env" value: where it changes, Sphinx reads every page again, and so repeats its warnings.
    app.add_config_value("strict_claims", bool(os.environ.get("CI") or os.environ.get("STRICT_CLAIMS")), "env")
    app.add_domain(ClaimsDomain)
    app.add_node(ClaimMark)
    app.add_role("claim", ClaimRole())
    add_ledger(app, "claim-ledger", rows)
    app.connect("env-updated", write_again)
    app.connect("doctree-resolved", fill_marks)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
