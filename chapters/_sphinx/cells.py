"""The code cells of a page: what they are called, what they recorded, and links to them."""

import ast
import json
from pathlib import Path

import nbformat
from docutils import nodes
from myst_nb.sphinx_ import NbMetadataCollector
from sphinx.environment import BuildEnvironment


def code_cells(env: BuildEnvironment, docname: str) -> dict[int, nbformat.NotebookNode]:
    """The code cells of a page by their number; none if it is no notebook."""
    path = Path(env.doc2path(docname))
    cells = nbformat.read(path, as_version=4).cells if path.suffix == ".ipynb" else []
    return {index: cell for index, cell in enumerate(cells) if cell.cell_type == "code"}


def shown_cells(document: nodes.document) -> dict[int, nodes.container]:
    """The code cells that the page shows, by their number."""
    return {node["cell_index"]: node for node in document.findall(_is_code_cell)}


def _is_code_cell(node: nodes.Node) -> bool:
    return isinstance(node, nodes.container) and node.get("nb_element") == "cell_code"


def make_target(node: nodes.container, cell_id: str) -> None:
    """Let links lead to a cell: ``#cell-ID``."""
    if (target := f"cell-{cell_id}") not in node["ids"]:
        node["ids"].append(target)


def recorded(env: BuildEnvironment, docname: str, prefix: str) -> dict[str, str]:
    """What the cells of a page recorded under names that begin with a prefix, by the rest of the name.

    A text is given as it is, anything else as Python writes it.
    """
    keys = [key for key in NbMetadataCollector.get_doc_data(env)[docname].get("glue", []) if key.startswith(prefix)]
    if not keys:
        return {}
    glued = json.loads(Path(env.mystnb_config.output_folder, f"{docname}.glue.json").read_text(encoding="utf-8"))
    return {key.removeprefix(prefix): glued[key]["data"]["text/plain"] for key in keys}


def unquoted(text: str) -> str:
    """The text that Python writes with quotation marks."""
    return ast.literal_eval(text)
