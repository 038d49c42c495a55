"""What the download buttons give: notebooks in plain Markdown, with their outputs, that need core lmkit alone."""

import copy
import os
import re
import subprocess
import sys
import warnings
import zipfile
from importlib.metadata import distribution
from pathlib import Path

import nbformat
import pytest
from _sphinx.core_only import distributions, hidden_modules
from _sphinx.running import PagesFailed
from nbclient import NotebookClient

from tests.book import small_books
from tests.book.small_books import code, markdown
from tests.book.test_claims import claiming

SITE = "https://book.example/"
REPOSITORY = "https://code.example/book"
ROOT = Path(__file__).parents[2]
LITERAL = re.compile(r"^(```+).*?^\1$|(`+)(?!`).*?(?<!`)\2(?!`)", re.DOTALL | re.MULTILINE)
MYST = re.compile(r"\{[a-z][a-z:-]*\}`|^\s*(:::|```\{)|^\s*\([\w-]+\)=\s*$|\{\{", re.MULTILINE)
"""A role, a directive, a target, a substitution."""

OTHER = """# Other page

(there)=
## A section

```{math}
:label: far
a = b
```

```{glossary}
key
    What a thing is found by.
```

```{bibliography}
```
"""
SOURCE = "@article{shannon, author={Claude E. Shannon}, title={A theory}, journal={Bell}, year={1948}}\n"
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg"/>'


def download(folder, text, *cells, page="one", **settings):
    """The text of the download of a page, and its notebook."""
    (folder / "sources.bib").write_text(SOURCE)
    (folder / "a.svg").write_text(PICTURE)
    (folder / "program.py").write_text("def one():\n    return 1\n\n\ndef two():\n    return 2\n")
    extensions = ["myst_nb", "sphinxcontrib.bibtex", *(f"_sphinx.{n}" for n in ("claims", "diagrams", "downloads"))]
    settings = {
        "extensions": extensions,
        "bibtex_bibfiles": ["sources.bib"],
        "bibtex_reference_style": "author_year",
        "myst_enable_extensions": ["dollarmath", "colon_fence", "deflist", "amsmath"],
        "html_baseurl": SITE,
        "downloads_source": REPOSITORY,
        "project": "Book",
        **settings,
    }
    pages = {page: [markdown("text", f"# One\n\n{text}"), *cells], "other": [markdown("other-text", OTHER)]}
    _, told = small_books.build(folder, extensions[-1], "claim-ledger", pages, **settings)
    assert told == ""
    notebook = nbformat.read(folder / "_build/html/_sources" / f"{page}.ipynb", as_version=4)
    nbformat.validate(notebook)
    texts = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    return "\n\n".join(texts[1:]), notebook


CASES = [
    ("Plain *emphasis*, **strong**, `code`, $x_1$.", "Plain *emphasis*, **strong**, `code`, $x_1$."),
    ("It is 5 \\* 3 \\$ and \\[x\\].", r"It is 5 \* 3 \$ and \[x\]."),
    ("[a link](https://x.example/a_b)", "[a link](https://x.example/a_b)"),
    ("A {term}`key`.", f"A [key]({SITE}other.html#term-key)."),
    ("By {cite:t}`shannon`.", f"By Shannon \\[[1948]({SITE}other.html#id2)\\]."),
    ("See {eq}`far`.", f"See [(2)]({SITE}other.html#equation-far)."),
    ("See {doc}`other`.", f"See [Other page]({SITE}other.html)."),
    ("See [it](other.ipynb).", f"See [it]({SITE}other.html)."),
    ("See {ref}`there`.", f"See [A section]({SITE}other.html#there)."),
    ("- a\n- b\n  1. c\n  2. d", "- a\n- b\n\n  1. c\n  2. d"),
    ("> quoted\n> text", "> quoted\n> text"),
    ("| a | b |\n|---|---|\n| `x\\|y` | $z$ |", "| a | b |\n|---|---|\n| `x\\|y` | $z$ |"),
    ("```python\nx = 1\n```", "```python\nx = 1\n```"),
    ("$$\na = b\n$$", "$$\na = b\n$$"),
    ("term\n: meaning", "- **term** – meaning"),
    ("```{note}\nMind *this*.\n```", "> **Note**\n>\n> Mind *this*."),
    ("```{admonition} A mistake\n:class: warning\nNot so.\n```", "> **A mistake**\n>\n> Not so."),
    (
        "```{literalinclude} program.py\n:pyobject: one\n:language: python\n:caption: program.py\n```",
        "**program.py**\n\n```python\ndef one():\n    return 1\n```",
    ),
    (
        "```{figure} a.svg\n:alt: A dot.\n:name: dot\n\nIt is *small*.\n```\n\nIn {numref}`dot`.",
        "> ![A dot.](attachment:a.svg)\n>\n> **Fig. 1** It is *small*.\n\nIn Fig. 1.",
    ),
    (
        "```{diagram} Two boxes.\n:alt: A leads to B.\nnodes:\n  a: {at: [0, 0], text: A, kind: data}\n```",
        f"> *In place of the drawing on [the page]({SITE}one.html):* A leads to B.\n>\n> **Fig. 2** Two boxes.",
    ),
    ("% a comment\n\nText.", "Text."),
    (
        "```{math}\n:label: near\nx = y\n```\n\nBy {eq}`near`.",
        "<!-- equation near -->\n$$\nx = y\n\\tag{1}\n$$\n\nBy (1).",
    ),
]
"""What a page says, and what its download says."""


@pytest.fixture(scope="module")
def texts(tmp_path_factory):
    """What the download says in each case."""
    page = "".join(f"\n\n## Case\n\n{text}" for text, _ in CASES)
    with warnings.catch_warnings():
        warnings.simplefilter("default")  # Sphinx's own are not ours to mend
        text, _ = download(tmp_path_factory.mktemp("book"), page)
    return text.split("## Case\n\n")[1:]


@pytest.mark.parametrize("number", range(len(CASES)), ids=[repr(text[:20]) for text, _ in CASES])
def test_each_kind_of_text(texts, number):
    got = re.sub(r"#id\d+", "#id2", texts[number].strip())
    assert got == CASES[number][1]
    assert not MYST.search(LITERAL.sub("", got))


@pytest.mark.filterwarnings("default")
class TestText:
    def test_values_and_claims(self, tmp_path):
        recorded = code("values", metadata={"tags": ["remove-cell"]}, recorded={"loss": "'2.50'"})
        text, _ = download(tmp_path, "It is {glue:text}`loss` nats.{claim}`far`", recorded, claiming())
        mark = f'[✓]({SITE}one.html#cell-test-far "Checked: attention recalls at 60 words")'
        assert f"It is 2.50 nats. {mark}" in text

    def test_a_claim_that_failed_is_told(self, tmp_path):
        text, _ = download(tmp_path, "So it is.{claim}`far`", claiming(passed=False, failure="no"), strict_claims=False)
        assert "[✗ did not come out here (attention 0.9, lstm 0.5)](" in text


@pytest.mark.filterwarnings("default")
class TestCells:
    def test_code_outputs_and_captions(self, tmp_path):
        figure = {"figure": {"caption": "It falls.", "name": "fall"}, "image": {"alt": "A curve."}}
        drawing = code("draw", "plot()", metadata={"mystnb": figure, "tags": ["hide-input"]})
        drawing.outputs = [nbformat.v4.new_output("display_data", data={"image/svg+xml": PICTURE})]
        printing = code("print", "print(1)")
        printing.outputs = [
            nbformat.v4.new_output("stream", name="stdout", text="1\n"),
            nbformat.v4.new_output("stream", name="stderr", text="a warning\n"),
        ]
        secret = code("secret", metadata={"tags": ["remove-cell"]}, recorded={"loss": "'2.50'"})
        text, notebook = download(tmp_path, "See {numref}`fall`.", printing, secret, drawing)
        cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
        assert [cell.id for cell in cells] == ["print", "secret", "draw"]
        assert [cell.source for cell in cells] == ["print(1)", "1 < 2", "plot()"]
        assert [output.text for output in cells[0].outputs] == ["1\n"]
        assert cells[1].outputs == []  # it only handed over a value
        assert cells[2].outputs[0].data["image/svg+xml"] == PICTURE
        assert [cell.metadata.get("jupyter") for cell in cells] == [None, *[{"source_hidden": True}] * 2]
        assert notebook.cells[-1].source == "**Fig. 1** It falls."
        assert "See Fig. 1." in text

    def test_the_first_cell_says_how_to_install(self, tmp_path):
        _, notebook = download(tmp_path, "Text.")
        first = notebook.cells[0].source
        assert f'pip install jupyterlab "lmkit-book @ git+{REPOSITORY}"' in first
        assert f"[One]({SITE}one.html) of the book *Book*" in first


@pytest.mark.filterwarnings("default")
def test_a_page_can_import_core_and_the_extras_that_it_names(tmp_path, monkeypatch):
    assert {"scipy", "sklearn", "myst_nb", "transformers"} <= hidden_modules()
    assert not {"torch", "numpy", "IPython", "lmkit", "matplotlib", "mpl_toolkits"} & hidden_modules()
    assert not {"sklearn", "scipy"} & hidden_modules(("tasks",))
    monkeypatch.delenv("CI", raising=False)

    def build(extras):
        notebook = nbformat.v4.new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})
        notebook.metadata["lmkit"] = {"extras": extras}
        notebook.cells = [code("import", f"import torch, scipy.special  # with {extras}\nassert 'hide' not in dir()")]
        nbformat.write(notebook, tmp_path / "one.ipynb")
        settings = {"nb_execution_mode": "cache", "nb_execution_cache_path": str(tmp_path / "cache")}
        small_books.build(tmp_path, "_sphinx.running", "toctree", {}, **settings)

    with pytest.raises(PagesFailed, match="No module named 'scipy'\nA page has core lmkit alone, unless"):
        build([])
    build(["tasks"])


@pytest.fixture(scope="session")
def downloads(root) -> dict[str, nbformat.NotebookNode]:
    """The downloads of the built book, by the path of the page."""
    sources = root / "_build" / "html" / "_sources"
    if not (sources / "chapters").exists():
        pytest.fail("the book is not built: run `make book` first")
    pages = sorted((sources / "chapters").rglob("*.ipynb"))
    return {page.relative_to(sources).as_posix(): nbformat.read(page, as_version=4) for page in pages}


class TestBook:
    def test_nothing_of_jupyter_book_remains(self, downloads):
        assert downloads
        for page, notebook in downloads.items():
            for cell in notebook.cells:
                if cell.cell_type == "markdown":
                    left = MYST.search(LITERAL.sub("", cell.source))
                    assert left is None, f"{page}, {cell.id}: {left[0]!r}"

    def test_the_code_is_the_pages_and_has_its_outputs(self, downloads, root):
        for page, notebook in downloads.items():
            original = nbformat.read(root / page, as_version=4)
            sources = [[c.source for c in book.cells if c.cell_type == "code"] for book in (original, notebook)]
            assert sources[0] == sources[1], page
            assert any(cell.get("outputs") for cell in notebook.cells), page
            assert "pip install" in notebook.cells[0].source
            assert not any("mystnb" in cell.metadata for cell in notebook.cells)


@pytest.fixture(scope="session")
def fresh_python(tmp_path_factory) -> Path:
    """Python in an environment that has the wheel of lmkit, what core lmkit needs, the kernel, and nothing else."""
    folder = tmp_path_factory.mktemp("fresh")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder / "venv"], check=True)
    (packages,) = (folder / "venv").glob("lib/python*/site-packages")
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
        wheel.extractall(packages)
    for name in distributions() - {"lmkit-book"}:
        try:
            installed = distribution(name)
        except ModuleNotFoundError:
            continue  # what another system needs
        tops = {file.parts[0] for file in installed.files or () if file.parts[0] not in ("..", "__pycache__")}
        for top in tops:
            if not (packages / top).exists():
                (packages / top).symlink_to(installed.locate_file(top))
    return folder / "venv" / "bin" / "python"


QUICK = {"chapters/concepts/attention.ipynb", "chapters/concepts/recall.ipynb"}
"""These are executed each time; with ALL_DOWNLOADS set, all."""


def test_downloads_run_in_a_fresh_environment(downloads, fresh_python, tmp_path, monkeypatch):
    kernel = tmp_path / "kernels" / "fresh"
    kernel.mkdir(parents=True)
    (kernel / "kernel.json").write_text(
        f'{{"argv": ["{fresh_python}", "-m", "ipykernel_launcher", "-f", "{{connection_file}}"],'
        f' "display_name": "fresh", "language": "python"}}'
    )
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    monkeypatch.delenv("PYTHONPATH", raising=False)
    (tmp_path / "empty").mkdir()
    for page in downloads if os.environ.get("ALL_DOWNLOADS") else QUICK:
        notebook = copy.deepcopy(downloads[page])
        notebook.cells.insert(1, code("probe", "import importlib.util\nassert not importlib.util.find_spec('scipy')"))
        resources = {"metadata": {"path": str(tmp_path / "empty")}}
        NotebookClient(notebook, kernel_name="fresh", timeout=600, resources=resources).execute()
        shown = [output for cell in notebook.cells for output in cell.get("outputs", ())]
        failed = [output for output in shown if "did not come out" in str(output.get("data", ""))]
        assert failed == [], page
