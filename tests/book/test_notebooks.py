import json
import re
from collections import defaultdict
from pathlib import Path
from statistics import median

import nbformat
import pytest

CHAPTERS = Path(__file__).parents[2] / "chapters"
NOTEBOOKS = sorted(path for path in CHAPTERS.rglob("*.ipynb") if ".ipynb_checkpoints" not in path.parts)
KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
MOST_LINES = 25
MEDIAN_LINES = 8
# In Markdown: pictures without a text, and directives that draw one.
BARE_IMAGE = re.compile(r"!\[\s*\]\(")
# The headings of a table: the line above the dashes.
HEADINGS = re.compile(r"^\|(.+)\|\n\|[ :|-]+\|$", re.MULTILINE)
# The first line of a directive.
OPENING = re.compile(r"^ *`{3,}\{.*$", re.MULTILINE)
PICTURE = re.compile(r"^(`{3,}|:{3,})\{(figure|image|glue:figure|diagram)\}.*?^\1", re.DOTALL | re.MULTILINE)


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.relative_to(CHAPTERS).as_posix())
def notebook(request):
    notebook = nbformat.read(request.param, as_version=nbformat.NO_CONVERT)
    nbformat.validate(notebook)
    return notebook


def cells(notebook, kind):
    return [cell for cell in notebook.cells if cell.cell_type == kind]


def test_there_are_notebooks():
    assert NOTEBOOKS


def test_no_outputs(notebook):
    for cell in cells(notebook, "code"):
        assert cell.outputs == [], cell.id
        assert cell.execution_count is None, cell.id


def test_cell_ids_are_for_people(notebook):
    ids = [cell.id for cell in notebook.cells]
    assert len(set(ids)) == len(ids)
    for cell_id in ids:
        assert re.fullmatch(r"[a-z0-9-]+", cell_id), cell_id
        assert not re.fullmatch(r"[0-9a-f-]*\d[0-9a-f-]*", cell_id), f"{cell_id} was made by a machine: name the cell"


def test_one_kernelspec(notebook):
    assert notebook.metadata.kernelspec == KERNELSPEC


def test_code_cells_are_short(notebook):
    """What is folded (figures, checks, claims) may be longer than what a reader sees at once."""
    lengths = {cell.id: len(cell.source.splitlines()) for cell in cells(notebook, "code")}
    assert {name: lines for name, lines in lengths.items() if lines > MOST_LINES} == {}
    folded = {"hide-input", "hide-cell", "remove-input", "remove-cell"}
    shown = [cell.id for cell in cells(notebook, "code") if folded.isdisjoint(cell.metadata.get("tags", []))]
    assert median(lengths[name] for name in shown) <= MEDIAN_LINES


def test_no_tricks_with_paths_or_packages(notebook):
    for cell in cells(notebook, "code"):
        assert not re.search(r"sys\.path|^\s*[!%]\s*pip\b", cell.source, re.MULTILINE), cell.id


def test_pictures_have_alternative_text(notebook):
    for cell in cells(notebook, "code"):
        if re.search(r"\bplt\.(subplots|figure)\(", cell.source) and "glue(" not in cell.source:
            assert cell.metadata.get("mystnb", {}).get("image", {}).get("alt"), f"{cell.id} draws: it needs image.alt"
        if "figure" in cell.metadata.get("mystnb", {}):
            assert cell.metadata.mystnb.get("image", {}).get("alt"), f"{cell.id} has a caption but no image.alt"
    for cell in cells(notebook, "markdown"):
        assert not BARE_IMAGE.search(cell.source), cell.id
        for picture in PICTURE.finditer(cell.source):
            assert re.search(r"^:alt: *\S", picture[0], re.MULTILINE), f"{cell.id}: {picture[0].splitlines()[0]}"


@pytest.fixture(scope="module")
def texts():
    """The Markdown of all pages and exercises."""
    exercises = sorted((CHAPTERS.parent / "solutions").rglob("*.ipynb"))
    texts = {path: path.read_text(encoding="utf-8") for path in CHAPTERS.rglob("*.md")}
    for path in [*NOTEBOOKS, *exercises]:
        notebook = nbformat.read(path, as_version=nbformat.NO_CONVERT)
        texts[path] = "\n\n".join(cell.source for cell in cells(notebook, "markdown"))
    return texts


def test_columns_of_tables_have_headings(texts):
    """One who hears a table read out is told with each cell which column it is in."""
    tables = [(path.stem, row[1]) for path, text in texts.items() for row in HEADINGS.finditer(text)]
    assert len(tables) > 30
    assert [(page, row) for page, row in tables if not all(name.strip() for name in row.split("|"))] == []


def test_directives_begin_as_such(texts):
    """After the backticks that open a directive its line has no further one, or it is text like any other."""
    openings = [(path.stem, line[0]) for path, text in texts.items() for line in OPENING.finditer(text)]
    assert len(openings) > 100
    assert [(page, line) for page, line in openings if "`" in line.lstrip("` ")] == []


def test_files_are_written_as_nbformat_writes_them(notebook, request):
    path = request.node.callspec.params["notebook"]
    text = path.read_text(encoding="utf-8")
    assert text.endswith("}\n")
    assert json.loads(text)["nbformat"] == 4


def test_figures_and_equations_have_names_of_their_own():
    """Two pages with the same name build one by one, and fail together."""
    where = defaultdict(list)
    for path in NOTEBOOKS:
        for cell in nbformat.read(path, as_version=nbformat.NO_CONVERT).cells:
            names = re.findall(r"^:(?:name|label): *(\S+)", cell.source, re.MULTILINE)
            names.append(cell.metadata.get("mystnb", {}).get("figure", {}).get("name"))
            for name in filter(None, names):
                where[name].append(f"{path.relative_to(CHAPTERS)}: {cell.id}")
    assert {name: cells for name, cells in where.items() if len(cells) > 1} == {}
