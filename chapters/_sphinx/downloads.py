"""The notebook behind a page's download button: it has its outputs, and runs without Jupyter Book.

Its text is the page's, as plain Markdown, with values, numbers and links in place of roles and directives. Its code
cells are the page's, with what they gave when the book was built; what the page folds is folded. The first cell says
how to install what the notebook needs: core ``lmkit``, and the extras that the metadata of the page name, as in
``{"lmkit": {"extras": ["hub"]}}``.
"""

import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import nbformat
from docutils import nodes
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell
from sphinx.application import Sphinx
from sphinx.config import Config

from _sphinx.as_markdown import MarkdownWriter
from _sphinx.execution import open_cache
from lmkit.book.recording import RECORD

FOLDED = {"hide-input", "hide-cell", "remove-input", "remove-cell"}
INSTALL = """\
> **To run this notebook** you need Python 3.11 or newer, and JupyterLab with the package `lmkit`:
>
> ```sh
> pip install jupyterlab "lmkit-book{extras} @ git+{source}"
> ```
>
> or, in a copy of [the repository]({source}), `pip install jupyterlab ".{extras}"`. It needs no GPU, no account and no
> other download. On Linux, pip installs PyTorch for CUDA;
> [the README]({source}#pytorch-for-the-cpu-or-for-another-gpu) says how to get the smaller build for the CPU.
>
> This is the page [{title}]({address}) of the book *{book}*. The outputs are those of the published page.
"""


def required_extras(notebook: NotebookNode) -> list[str]:
    """The extras of lmkit that a page needs, from its metadata."""
    return list(notebook.metadata.get("lmkit", {}).get("extras", []))


def make_download(app: Sphinx, docname: str, doctree: nodes.document) -> NotebookNode:
    """Make the notebook of a page.

    Args:
        app: The application, which has read all pages.
        docname: Name of the page.
        doctree: The page, with its links and numbers resolved.
    """
    page = _executed(app, docname)
    writer = MarkdownWriter(app, docname)
    extras = ",".join(required_extras(page))
    install = INSTALL.format(
        extras=f"[{extras}]" if extras else "",
        source=app.config.downloads_source,
        title=app.env.titles[docname].astext(),
        address=writer.address,
        book=app.config.project,
    )
    cells = [new_markdown_cell(install, id="install")]
    for kind, content in _parts(page, writer, doctree):
        if kind == "code":
            cells.append(content)
        elif content:
            cell = new_markdown_cell(content, id=f"text-{len(cells)}")
            if writer.attachments:
                cell["attachments"], writer.attachments = writer.attachments, {}
            cells.append(cell)
    page.cells = cells
    return page


def _parts(page: NotebookNode, writer: MarkdownWriter, doctree: nodes.document) -> Iterator[tuple[str, Any]]:
    """The code cells of a page, and between them its text, one part for each section."""
    cells = {index: cell for index, cell in enumerate(page.cells) if cell.cell_type == "code"}
    text: list[str] = []

    def flush() -> Iterator[tuple[str, Any]]:
        yield "text", "\n\n".join(filter(None, text))
        text.clear()

    for node, depth in _flat(doctree):
        if isinstance(node, nodes.title):
            yield from flush()
        if "cell_index" not in node:
            text.append(writer.block(node, depth))
            continue
        yield from flush()
        for index in [index for index in cells if index <= node["cell_index"]]:  # with those that are not shown
            yield "code", _clean(cells.pop(index))
        text += map(writer.caption, node.findall(_is_caption_of_figure))
    yield from flush()
    for cell in cells.values():
        yield "code", _clean(cell)


def _flat(node: nodes.Element, depth: int = 0) -> Iterator[tuple[nodes.Element, int]]:
    """The blocks of a page in order, each with the level of its section."""
    for child in node.children:
        if isinstance(child, nodes.section):
            yield from _flat(child, depth + 1)
        elif isinstance(child, nodes.Element):
            yield child, depth


def _is_caption_of_figure(node: nodes.Node) -> bool:
    return isinstance(node, nodes.caption) and isinstance(node.parent, nodes.figure)


def _executed(app: Sphinx, docname: str) -> NotebookNode:
    """The page's own notebook, with its outputs."""
    notebook = nbformat.read(app.env.doc2path(docname), as_version=4)
    if app.config.nb_execution_mode != "cache":
        return notebook
    with open_cache(app.config.nb_execution_cache_path) as cache:
        return cache.merge_match_into_notebook(notebook)[1]


def _clean(cell: NotebookNode) -> NotebookNode:
    """A cell without what Jupyter Book alone reads; one that the page folds is folded."""
    if FOLDED & set(cell.metadata.get("tags", [])):
        cell.metadata["jupyter"] = {"source_hidden": True}
    cell.metadata.pop("mystnb", None)
    cell.outputs = [output for output in cell.outputs if _shows(output)]
    return cell


def _shows(output: NotebookNode) -> bool:
    """Whether a reader sees an output: not what is handed to the text, and no warnings."""
    data: Iterable[str] = output.get("data", ())
    return output.get("name") != "stderr" and not (data and all(kind.startswith(RECORD) for kind in data))


def note_page(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Make the notebook of a page that is being written."""
    if app.builder.name == "html" and app.env.doc2path(docname).endswith(".ipynb"):
        app.env.downloads = getattr(app.env, "downloads", {})
        app.env.downloads[docname] = nbformat.writes(make_download(app, docname, doctree)) + "\n"


def write_downloads(app: Sphinx, exception: Exception | None) -> None:
    """Put the notebooks where the buttons lead; Sphinx has put the sources of the pages there."""
    if exception is not None or app.builder.name != "html":
        return
    for docname, text in getattr(app.env, "downloads", {}).items():
        if docname in app.env.found_docs:
            Path(app.outdir, "_sources", f"{docname}.ipynb").write_text(text, encoding="utf-8")


def find_source(app: Sphinx, config: Config) -> None:
    """Take the address of the repository from the project's own description."""
    if (project := Path(app.srcdir, "pyproject.toml")).exists() and not config.downloads_source:
        urls = tomllib.loads(project.read_text(encoding="utf-8"))["project"]["urls"]
        config.downloads_source = urls["Source"]


def setup(app: Sphinx) -> dict[str, bool]:
    """Called by Sphinx."""
    app.add_config_value("downloads_source", "", "env")
    app.connect("config-inited", find_source)
    app.connect("doctree-resolved", note_page, priority=900)  # after all marks are filled
    app.connect("build-finished", write_downloads)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
