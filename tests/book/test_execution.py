"""The key of the execution cache, and small books that are really built."""

import contextlib
import io
import re
import shutil
from types import SimpleNamespace

import nbformat
import pytest
from _sphinx import execution, running
from _sphinx.execution import execution_key
from _sphinx.running import PagesFailed
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils


@pytest.fixture
def project(tmp_path):
    (tmp_path / "lmkit" / "data").mkdir(parents=True)
    (tmp_path / "lmkit" / "__init__.py").write_text("ONE = 1\n")
    (tmp_path / "lmkit" / "data" / "words.json").write_text("[]")
    (tmp_path / "chapters" / "_experiments").mkdir(parents=True)
    (tmp_path / "chapters" / "_sphinx").mkdir()
    (tmp_path / "constraints.txt").write_text("torch==2.13.0\n")
    return tmp_path


def test_the_key_changes_with_every_file_of_the_package_and_the_versions(project):
    keys = [execution_key(project)]
    for name, content in (
        ("lmkit/__init__.py", "ONE = 2\n"),
        ("lmkit/data/words.json", "[1]"),
        ("lmkit/data/new.py", ""),
        ("chapters/_experiments/recall.json", "{}"),
        ("chapters/_sphinx/core_only.py", "ROOTS = ()"),
        ("constraints.txt", "torch==2.14.0\n"),
    ):
        (project / name).write_text(content)
        keys.append(execution_key(project))
    (project / "lmkit" / "data" / "new.py").rename(project / "lmkit" / "data" / "newer.py")
    keys.append(execution_key(project))
    assert len(set(keys)) == len(keys)


def test_the_key_ignores_compiled_files_and_times(project):
    before = execution_key(project)
    (project / "lmkit" / "__pycache__").mkdir()
    (project / "lmkit" / "__pycache__" / "x.pyc").write_bytes(b"x")
    (project / "lmkit" / "__init__.py").touch()
    assert execution_key(project) == before


@pytest.fixture
def book(project):
    """A book of one page, which writes a line to a file whenever it is executed."""
    notebook = nbformat.v4.new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})
    code = f"with open({str(project / 'runs.txt')!r}, 'a') as runs:\n    _ = runs.write('run\\n')"
    notebook.cells = [
        nbformat.v4.new_markdown_cell("# Page", id="title"),
        nbformat.v4.new_code_cell(code, id="run"),
    ]
    nbformat.write(notebook, project / "index.ipynb")
    return project


def build(book, **settings):
    """Build the book; return the page's runs so far, and the warnings."""
    settings |= {
        "extensions": ["myst_nb", "_sphinx.execution", "_sphinx.running"],
        "nb_execution_mode": "cache",
        "exclude_patterns": ["_build", "chapters", "lmkit"],
    }
    warnings = io.StringIO()
    with patch_docutils(book), docutils_namespace(), contextlib.redirect_stderr(io.StringIO()):
        out = book / "_build" / "html"
        app = Sphinx(book, None, out, out.parent / "doctrees", "html", settings, status=None, warning=warnings)
        app.build()
    told = [line for line in warnings.getvalue().splitlines() if "isn't included in any toctree" not in line]
    return len((book / "runs.txt").read_text().splitlines()), "\n".join(told)


def make_page(folder, name, *sources):
    notebook = nbformat.v4.new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})
    notebook.cells = [nbformat.v4.new_markdown_cell("# Page", id="title")]
    notebook.cells += [nbformat.v4.new_code_cell(text, id=f"cell-{n}") for n, text in enumerate(sources)]
    nbformat.write(notebook, folder / f"{name}.ipynb")


@pytest.mark.filterwarnings("default")
def test_pages_run_side_by_side(book, monkeypatch, capfd):
    monkeypatch.setattr(running.os, "cpu_count", lambda: 2)
    # Each page waits for the other one's file: one after the other they would never end.
    wait = "from pathlib import Path\nPath('{}').touch()\nwhile not Path('{}').exists():\n    pass"
    make_page(book, "left", wait.format("left.txt", "right.txt"))
    make_page(book, "right", wait.format("right.txt", "left.txt"))
    assert build(book) == (1, "")
    assert "WARNING" not in capfd.readouterr().err  # of the kernels


@pytest.mark.filterwarnings("default")
def test_a_page_that_fails_is_named_with_its_cell_and_error_in_ten_lines(book):
    deep = "def f(n):\n    return f(n - 1) if n else {}['missing']"
    make_page(book, "broken", "1 + 1", deep, "f(30)", "1 + 2")
    make_page(book, "dead", "import os", "os._exit(1)")
    with pytest.raises(PagesFailed) as failure:
        build(book)
    first, second = sorted(str(failure.value).strip().split("\n\n"))
    assert first.startswith("broken, cell 'cell-2':\n")
    assert "1 f(30)" in first
    assert first.endswith("KeyError: 'missing'")
    assert len(first.splitlines()) <= 10
    assert re.match(r"dead, in or after cell 'cell-[01]':\n", second)

    make_page(book, "broken", "1 + 1")
    make_page(book, "dead", "1 + 1")
    assert build(book) == (1, "")  # the page that went well is not run again


@pytest.mark.filterwarnings("default")
def test_an_endless_cell_is_cut_off_in_ci(book, monkeypatch):
    monkeypatch.setenv("CI", "true")
    make_page(book, "endless", "while True:\n    pass")
    with pytest.raises(PagesFailed, match=r"endless, .*\n(.*\n)*The cell took longer than 1 s\."):
        build(book, nb_execution_timeout=1)


@pytest.mark.parametrize(("ci", "timeout"), [("true", 300), ("", -1)])
def test_elsewhere_a_cell_may_take_its_time(project, monkeypatch, ci, timeout):
    monkeypatch.setenv("CI", ci)
    config = SimpleNamespace(nb_execution_timeout=300)
    execution.choose_cache(SimpleNamespace(srcdir=project), config)
    assert config.nb_execution_timeout == timeout


@pytest.mark.filterwarnings("default")  # Sphinx and the kernel's libraries are not ours to mend
def test_pages_are_executed_again_when_and_only_when_the_package_or_an_experiment_changes(book, monkeypatch):
    assert build(book) == (1, "")
    assert build(book) == (1, "")
    shutil.rmtree(book / "_build" / "doctrees")  # all is read again, and the outputs come from the cache
    assert build(book) == (1, "")

    (book / "lmkit" / "__init__.py").write_text("ONE = 2\n")
    assert build(book) == (2, "")
    caches = list((book / "_build" / ".jupyter_cache").iterdir())
    assert [cache.name for cache in caches] == [execution_key(book)]
    (book / "chapters" / "_experiments" / "recall.json").write_text("{}")
    assert build(book) == (3, "")

    monkeypatch.setattr(execution, "PAGE_BUDGET_SECONDS", 0.0)
    shutil.rmtree(book / "_build" / "doctrees")  # as `make book` does after a failure
    monkeypatch.delenv("CI", raising=False)
    assert build(book) == (3, "")  # at home a slow page is only reported
    monkeypatch.setenv("CI", "true")
    shutil.rmtree(book / "_build" / "doctrees")
    runs, warnings = build(book)
    assert runs == 3
    assert "a page may take 0 s" in warnings
    monkeypatch.undo()
    shutil.rmtree(book / "_build" / "doctrees")
    assert build(book) == (4, "")  # the slow run was forgotten
