"""What a student gets back: the scores, and what the tests that they can see say about their answers."""

import functools
import html
import json
from pathlib import Path
from typing import Any

import mathjax
from jinja2 import BytecodeCache, Environment, pass_context
from jinja2.bccache import Bucket
from jinja2.runtime import Context
from nbconvert import HTMLExporter
from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader.preprocessors import NbGraderPreprocessor

from lmkit.grading.cells import is_test
from lmkit.grading.execute import SandboxedExecute
from lmkit.grading.outputs import clean_html
from lmkit.grading.visible import fill_in_outputs, keep_outputs, visible_record, visible_source


class HideTests(NbGraderPreprocessor):
    r"""Take hidden tests and mark schemes out of a graded notebook.

    The outputs on the page come from a run without hidden tests (:class:`RunVisibleTests`). In the sandbox, that run
    ends before any hidden test starts, or has its own kernel and its own process for tests. So neither a hidden test
    nor what it prints or raises can be on the page.

    Example:
        >>> from nbformat.v4 import new_code_cell
        >>> source = "### BEGIN HIDDEN TESTS\nassert f(2) == 4\n### END HIDDEN TESTS\nassert f(1) == 1"
        >>> cell = new_code_cell(source, metadata={"nbgrader": {"locked": True, "grade_id": "f_tests"}})
        >>> HideTests().preprocess_cell(cell, {}, 0)[0].source
        'assert f(1) == 1'
    """

    def preprocess_cell(self, cell: NotebookNode, resources: dict, cell_index: int) -> tuple[NotebookNode, dict]:
        """Cut the hidden regions out of one locked cell."""
        cell.source = visible_source(cell)
        return cell, resources


class NameHiddenFailures(NbGraderPreprocessor):
    """Say so where points were lost in tests that the student cannot see.

    Example:
        >>> from nbformat.v4 import new_code_cell
        >>> about = {"grade": True, "solution": False, "grade_id": "f_hidden", "points": 2, "score": 0}
        >>> cell = new_code_cell("# hidden", metadata={"nbgrader": about})
        >>> NameHiddenFailures().preprocess_cell(cell, {}, 0)[0].outputs[0].text.strip()
        'Points were lost in tests that are not shown here.'
    """

    def preprocess_cell(self, cell: NotebookNode, resources: dict, cell_index: int) -> tuple[NotebookNode, dict]:
        """Add a line to one test cell that shows no error and yet has not full marks."""
        if is_test(cell):
            nbgrader = cell.metadata.nbgrader
            if nbgrader.score < nbgrader.points and not any(o.output_type == "error" for o in cell.outputs):
                text = "Points were lost in tests that are not shown here.\n"
                cell.outputs.append(new_output("stream", name="stdout", text=text))
        return cell, resources


class CompiledTemplates(BytecodeCache):
    """Compiled templates in this process's memory."""

    def __init__(self) -> None:
        self.compiled: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take a template from memory, if it is there."""
        if bucket.key in self.compiled:
            bucket.bytecode_from_string(self.compiled[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a template."""
        self.compiled[bucket.key] = bucket.bytecode_to_string()


class FeedbackExporter(HTMLExporter):
    """nbconvert's exporter, which compiles a page's templates once in a process and not for each student.

    Example:
        >>> pages = [FeedbackExporter(template_name="basic") for _ in range(2)]
        >>> pages[0].environment.bytecode_cache is pages[1].environment.bytecode_cache
        True
    """

    compiled = CompiledTemplates()

    def _create_environment(self) -> Environment:
        environment = super()._create_environment()
        environment.bytecode_cache = self.compiled
        return environment


@functools.cache
def _exporter() -> HTMLExporter:
    return HTMLExporter()


@pass_context
def clean_markdown(context: Context, source: str) -> str:
    """Render Markdown that a student may have written, as a filter for the pages that nbgrader makes.

    Args:
        context: What the page's template knows, such as the cell's attachments.
        source: Markdown.

    Returns:
        HTML without anything that runs. The instructor's browser, which is logged in to Jupyter, opens it.

    Example:
        >>> from jinja2 import Environment
        >>> pages = Environment()
        >>> pages.filters["clean"] = clean_markdown
        >>> pages.from_string("{{ text | clean }}").render(text="*well* <script>steal()</script>").strip()
        '<p><em>well</em> &lt;script&gt;steal()&lt;/script&gt;</p>'
    """
    if len(source) > 50_000 or source.count("\\begin") > 500:  # the time for it grows with the square
        return f"<pre>{html.escape(source)}</pre>"
    return clean_html(_exporter().markdown2html(context, source))


class RunVisibleTests(SandboxedExecute):
    """Show what came of a notebook without its hidden tests, of which :class:`RunAllTests` has kept a record.

    Where there is none, or it is of another text, the notebook runs; what came of it is kept, so that new marks cost no
    new run.

    Example:
        It has the settings of :class:`SandboxedExecute`:

        >>> RunVisibleTests(notebook_timeout=60).notebook_timeout
        60
    """

    def preprocess(self, nb: NotebookNode, resources: dict, km: Any = None) -> tuple[NotebookNode, dict]:
        """Fill in the outputs."""
        path = visible_record(resources["nbgrader"])
        if not fill_in_outputs(nb, path):
            nb, resources = super().preprocess(nb, resources, km)
            keep_outputs(nb, path)
        return nb, resources


MATHJAX = Path(mathjax.__file__).parent / "static" / "mathjax" / "es5" / "tex-svg.js"
SETTINGS = {
    "tex": {
        "inlineMath": [["$", "$"], ["\\(", "\\)"]],
        "packages": {"[-]": ["require", "autoload"]},  # no links, no classes, no other files, whatever a student writes
    },
    "options": {"enableMenu": False},
}


@functools.cache
def mathjax_script(_: str = "") -> str:
    """Return MathJax itself as a part of a page, so that the page needs no network and no other file.

    Returns:
        Two script elements.

    Example:
        >>> mathjax_script().startswith("<script>MathJax = ")
        True
    """
    return f"<script>MathJax = {json.dumps(SETTINGS)}</script>\n<script>{MATHJAX.read_text(encoding='utf-8')}</script>"
