import pkgutil
import re

import pytest
from _sphinx.accessibility import mend
from _sphinx.api_reference import keep_first_line_whole, math_as_rst, public_modules
from sphinx.ext.napoleon import GoogleDocstring

import lmkit


def test_every_public_module_is_in_the_reference(root):
    pages = (root / "chapters" / "api").glob("*.md")
    packages = [name for page in pages for name in re.findall(r"\{modules\} (\S+)", page.read_text())]
    assert len(set(packages)) == len(packages)
    described = {module for package in packages for module in public_modules(package)}
    modules = {info.name for info in pkgutil.walk_packages(lmkit.__path__, "lmkit.")} | {"lmkit"}
    public = {name for name in modules if not any(part.startswith("_") for part in name.split("."))}
    forgotten = sorted({name.split(".")[1] for name in public - described})
    assert not forgotten, f"write chapters/api/<name>.md, as models.md is written, and list it in _toc.yml: {forgotten}"
    assert described == public


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The size $d$.", "The size :math:`d`."),
        ("$n$-grams and $k$th", r":math:`n`-grams and :math:`k`\ th"),
        (r"with $\alpha > 0$, $\beta$", r"with :math:`\alpha > 0`, :math:`\beta`"),
        ("over $a +\n    b$ lines", "over :math:`a +\n    b` lines"),
        ("costs $5 today", "costs $5 today"),
        ("costs $5.\n\nOr $6.", "costs $5.\n\nOr $6."),
        ("``$HOME`` and ``$x$``", "``$HOME`` and ``$x$``"),
        (">>> print('$a$')  # $b$", ">>> print('$a$')  # $b$"),
        ("a\n\n$$x = 1$$\n\nb", "a\n\n\n.. math::\n\n   x = 1\n\n\nb"),
        ("    $$x\n    = 1$$", "\n    .. math::\n\n       x\n       = 1\n"),
    ],
)
def test_dollars_become_formulas(text, expected):
    assert math_as_rst(text) == expected


def test_a_colon_in_a_variables_docstring_names_no_type():
    lines = ["What learns: all of the model, or the head alone.", ""]
    keep_first_line_whole(None, "data", "METHODS", None, None, lines)
    described = str(GoogleDocstring(lines, what="data"))
    assert described.strip() == "What learns: all of the model, or the head alone."
    assert ":type:" not in described


def test_mended_markup_is_valid():
    signature = (
        '<dl class="py function"><dt class="sig"><span>f</span><dl><dd><em>x</em></dd></dl></dt><dd>text</dd></dl>'
    )
    mended = mend(signature)
    assert "<dl><dd>" not in mended
    assert '<span class="sig-lines"><span class="sig-line"><em>x</em></span></span>' in mended
    assert mended.endswith("<dd>text</dd></dl>")
    assert mend('<div role="doc-biblioentry">') == '<div role="listitem">'
