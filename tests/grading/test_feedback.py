import pytest
from jinja2 import Environment
from nbconvert import HTMLExporter
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from lmkit.grading import FeedbackExporter, HideTests, clean_html, clean_markdown
from lmkit.grading.feedback import CompiledTemplates

HARMLESS = [
    "<p>text <em>and</em> <strong>more</strong></p>",
    '<table><tbody><tr><td class="x">1</td></tr></tbody></table>',
    '<img alt="plot" src="data:image/png;base64,AAAA">',
]
HARMFUL = [
    "<script>x()</script>",
    "<p onclick='x()'>a</p>",
    "<a href='javascript:x()'>a</a>",
    "<iframe src='/api/contents'></iframe>",
    "<form action='/api'><button>a</button></form>",
    "<svg onload='x()'></svg>",
]


@pytest.mark.parametrize("html", HARMLESS)
def test_what_cannot_run_stays(html):
    assert clean_html(html) == html


@pytest.mark.parametrize("html", HARMFUL)
def test_what_could_run_is_gone(html):
    assert all(
        mark not in clean_html(html) for mark in ("<script", "onclick", "javascript:", "<iframe", "<form", "<svg")
    )


def test_markdown_keeps_its_mathematics_and_its_pictures():
    exporter = HTMLExporter(filters={"markdown2html": clean_markdown})
    cell = new_markdown_cell("If $a<b$ then *so*. `<s>` ![plot](attachment:p.png)")
    cell.attachments = {"p.png": {"image/png": "AAAA"}}
    page, _ = exporter.from_notebook_node(new_notebook(cells=[cell]))
    assert "$a&lt;b$" in page
    assert "<em>so</em>" in page
    assert "<code>&lt;s&gt;</code>" in page
    assert 'src="data:image/png;base64,AAAA"' in page


def test_templates_are_compiled_once(monkeypatch):
    compiled = []
    compile_template = Environment.compile
    monkeypatch.setattr(
        Environment, "compile", lambda *args, **names: compiled.append(1) or compile_template(*args, **names)
    )
    monkeypatch.setattr(FeedbackExporter, "compiled", CompiledTemplates())
    pages = []
    for text in ("one", "two"):
        page, _ = FeedbackExporter().from_notebook_node(new_notebook(cells=[new_markdown_cell(text)]))
        pages.append((len(compiled), text in page))
    assert pages[0][0] > 3
    assert pages == [(pages[0][0], True)] * 2


def test_only_the_instructors_cells_lose_their_hidden_part():
    source = "visible()\n### BEGIN HIDDEN TESTS\nhidden()\n### END HIDDEN TESTS\nafter()"
    locked = new_code_cell(source, metadata={"nbgrader": {"grade": True, "solution": False, "locked": True}})
    notebook, _ = HideTests().preprocess(new_notebook(cells=[locked, new_code_cell(source)]), {})
    assert notebook.cells[0].source == "visible()\nafter()"
    assert notebook.cells[1].source == source
