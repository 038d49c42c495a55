"""Write what a page shows as plain Markdown, which a notebook shows without Jupyter Book.

It starts from the page as Sphinx has resolved it, so values, numbers of equations, titles and citations are those
that the page shows. A link to another page leads to the published one.
"""

import base64
import html
import mimetypes
import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urljoin

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util import logging

SPECIAL = re.compile(r"([\\`*_\[\]<$])")
AT_START = re.compile(r"^(\s*)(#|[+-](?=\s)|\d+(?=[.)]\s))", re.MULTILINE)
TAG = re.compile(r"<[^>]*>")

NOTHING = (nodes.target, nodes.comment, nodes.system_message, nodes.substitution_definition, addnodes.index)
INLINE = (nodes.inline, nodes.abbreviation, nodes.generated, addnodes.pending_xref)
"""Kinds of nodes that are as their contents."""
MARKS = {nodes.emphasis: "*", nodes.title_reference: "*", nodes.strong: "**"}

logger = logging.getLogger(__name__)


@dataclass
class MarkdownWriter:
    """Writes the parts of one page.

    Args:
        app: The application; its environment has read all pages.
        docname: Name of the page.
    """

    app: Sphinx
    docname: str
    attachments: dict[str, dict[str, str]] = field(default_factory=dict)
    """Images by name, each by its media type in base 64, as a notebook's cell holds them."""

    @property
    def address(self) -> str:
        """Where the page is published."""
        return self.app.config.html_baseurl + self.app.builder.get_target_uri(self.docname)

    def block(self, node: nodes.Node, depth: int = 1) -> str:
        """Write a block.

        Args:
            node: A paragraph, list, table, formula, figure or the like.
            depth: Level of the section that it is in.
        """
        match node:
            case nodes.paragraph():
                return AT_START.sub(r"\1\\\2", self.inline(node))
            case nodes.title():
                return f"{'#' * depth} {self.inline(node)}"
            case nodes.section():
                return self.blocks(node, depth + 1)
            case nodes.math_block():
                return self._formula(node)
            case nodes.literal_block():
                return _fenced(node.astext(), node.get("language", ""))
            case nodes.doctest_block():
                return _fenced(node.astext(), "python")
            case nodes.bullet_list() | nodes.enumerated_list():
                return self._list(node, depth)
            case nodes.table():
                return self._table(node)
            case nodes.figure():
                return self._figure(node)
            case nodes.image():
                return self._image(node)
            case nodes.Admonition():
                return self._admonition(node, depth)
            case nodes.block_quote():
                return _quoted(self.blocks(node, depth))
        return self._other_block(node, depth)

    def _other_block(self, node: nodes.Node, depth: int) -> str:
        match node:
            case nodes.definition_list_item():
                term = "; ".join(self.inline(part) for part in node.findall(nodes.term))
                meanings = [self.blocks(part, depth) for part in node.children if isinstance(part, nodes.definition)]
                return _indented(f"- **{term}** – " + "\n\n".join(meanings), 2)
            case nodes.footnote() | nodes.citation():
                label, *rest = node.children
                return f"\\[{label.astext()}] " + "\n\n".join(self.block(part, depth) for part in rest)
            case nodes.caption() | nodes.rubric():
                return f"**{self.inline(node)}**"
            case nodes.transition():
                return "---"
            case nodes.raw():
                return node.astext() if "html" in node.get("format", "") else ""
            case nodes.line_block():
                return "  \n".join(self.inline(line) for line in node.findall(nodes.line))
            case nodes.container() | nodes.definition_list() | nodes.compound() | nodes.topic():
                return self.blocks(node, depth)
            case addnodes.glossary() | addnodes.only():
                return self.blocks(node, depth)
            case nodes.attribution():
                return f"— {self.inline(node)}"
        if isinstance(node, NOTHING):
            return ""
        if isinstance(node, nodes.Inline | nodes.Text):
            return self._part(node)
        return self._unknown(node)

    def blocks(self, node: nodes.Element, depth: int = 1) -> str:
        """Write the blocks inside a block, with an empty line between them."""
        return "\n\n".join(text for child in node.children if (text := self.block(child, depth)))

    def inline(self, node: nodes.Element) -> str:
        """Write the text inside a node."""
        return "".join(map(self._part, node.children)).replace("  [", " [")

    def _part(self, node: nodes.Node) -> str:
        match node:
            case nodes.Text():
                return _plain(node.astext())
            case nodes.literal():
                ticks = "``" if "`" in node.astext() else "`"
                return f"{ticks}{node.astext()}{ticks}"
            case nodes.math():
                return f"${node.astext().strip()}$"
            case nodes.reference():
                return self._link(node)
            case addnodes.download_reference():
                name = node.get("filename")
                text = self.inline(node)
                return f"[{text}]({self.app.config.html_baseurl}_downloads/{name})" if name else text
            case nodes.image():
                return self._image(node)
            case nodes.raw():
                return node.astext() if "html" in node.get("format", "") else ""
            case nodes.footnote_reference() | nodes.citation_reference():
                return f"\\[{node.astext()}]"
            case nodes.subscript() | nodes.superscript():
                tag = "sub" if isinstance(node, nodes.subscript) else "sup"
                return f"<{tag}>{self.inline(node)}</{tag}>"
        if (mark := MARKS.get(type(node))) is not None:
            return f"{mark}{self.inline(node)}{mark}"
        if isinstance(node, INLINE):
            return self.inline(node)
        return "" if isinstance(node, NOTHING) else self._unknown(node)

    def _link(self, node: nodes.reference) -> str:
        """A link; one to a place on this page becomes its text."""
        target = node.get("refuri", "")
        if "claim" in node["classes"]:
            return self._claim(node)
        text = self.inline(node)
        if not target or target.startswith("#"):
            return text
        address = target if ":" in target else urljoin(self.address, target)
        return f"[{text}]({address.replace(' ', '%20').replace(')', '%29')})"

    def _claim(self, node: nodes.reference) -> str:
        """The mark of a claim leads to the cell on the published page; what is asserted is its title."""
        address = urljoin(self.address, node.get("refuri") or f"#{node['refid']}")
        said = html.unescape(TAG.sub("", node.astext()))
        mark = said if "failed" in node["classes"] else "✓"
        title = _plain(node.get("reftitle", "")).replace('"', "'")
        return f' [{_plain(mark)}]({address} "{title}")'  # with a space, which the sentence may have too

    def _formula(self, node: nodes.math_block) -> str:
        latex, label = node.astext().strip(), node.get("label")
        if not label:
            return f"$$\n{latex}\n$$"
        return f"<!-- equation {label} -->\n$$\n{latex}\n\\tag{{{self._number(node, 'displaymath')}}}\n$$"

    def _number(self, node: nodes.Element, kind: str) -> str:
        """The number of an equation or a figure."""
        numbers = self.app.env.toc_fignumbers.get(self.docname, {}).get(kind, {})
        found = next((numbers[name] for name in node["ids"] if name in numbers), None)
        return ".".join(map(str, found)) if found else str(node.get("number") or "")

    def _list(self, node: nodes.Element, depth: int) -> str:
        first = node.get("start", 1)
        items = []
        for place, item in enumerate(node.children):
            sign = f"{first + place}. " if isinstance(node, nodes.enumerated_list) else "- "
            items.append(_indented(sign + self.blocks(item, depth), len(sign)))
        return "\n".join(items)

    def _table(self, node: nodes.table) -> str:
        rows = [[self._entry(entry) for entry in row.children] for row in node.findall(nodes.row)]
        head, *body = [f"| {' | '.join(row)} |" for row in rows]
        titles = [f"**{self.inline(title)}**\n\n" for title in node.children if isinstance(title, nodes.title)]
        return "".join(titles) + "\n".join([head, "|" + "---|" * len(rows[0]), *body])

    def _entry(self, entry: nodes.Element) -> str:
        text = "<br>".join(
            self.inline(part) if isinstance(part, nodes.paragraph) else self.block(part) for part in entry
        )
        return text.replace("|", "\\|").replace("\n", " ")

    def _figure(self, node: nodes.figure) -> str:
        """A picture with its caption; of a drawing that only the site can show, the text that stands for it."""
        pictures = [self._image(image) for image in node.findall(nodes.image) if not _in_output(image)]
        if not pictures and (alt := node.get("alt")):
            pictures = [f"*In place of the drawing on [the page]({self.address}):* {_plain(alt)}"]
        text = "\n\n".join([*pictures, *map(self.caption, node.findall(nodes.caption))])
        return text if any(map(_in_output, node.findall(nodes.image))) else _quoted(text)

    def caption(self, node: nodes.caption) -> str:
        """The caption of a figure, with its number."""
        number = self._number(node.parent, "figure")
        name = self.app.config.numfig_format["figure"] % number if number else ""
        return f"**{name}** {self.inline(node)}".removeprefix("**** ")

    def _image(self, node: nodes.image) -> str:
        source, alt = node["uri"], _plain(node.get("alt", ""))
        if ":" in source:
            return f"![{alt}]({source})"
        path = Path(self.app.srcdir, source)
        kind = mimetypes.guess_type(path)[0] or "image/png"
        self.attachments[path.name] = {kind: base64.b64encode(path.read_bytes()).decode()}
        return f"![{alt}](attachment:{path.name})"

    def _admonition(self, node: nodes.Element, depth: int) -> str:
        first = node.children[0]
        title = self.inline(first) if isinstance(first, nodes.title) else type(node).__name__.capitalize()
        rest = [self.block(part, depth) for part in node.children if not isinstance(part, nodes.title)]
        return _quoted("\n\n".join([f"**{title}**", *filter(None, rest)]))

    def _unknown(self, node: nodes.Node) -> str:
        kind = type(node).__name__
        logger.warning("the download has no Markdown for %s: add it to _sphinx/as_markdown.py", kind, location=node)
        return ""


def _plain(text: str) -> str:
    """Text whose signs mean nothing to Markdown."""
    return SPECIAL.sub(r"\\\1", text)


def _in_output(image: nodes.Node) -> bool:
    """Whether a picture is the output of a cell, so that the notebook has it there."""
    return isinstance(image.parent, nodes.container) and "mime_type" in image.parent


def _fenced(text: str, language: str) -> str:
    fence = "````" if "```" in text else "```"
    return (
        f"{fence}{'python' if language in ('default', 'ipython3', 'python3') else language}\n{text.rstrip()}\n{fence}"
    )


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.splitlines())


def _indented(text: str, width: int) -> str:
    return re.sub(r"\n(?=[^\n])", "\n" + " " * width, text)
