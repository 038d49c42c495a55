import ast
import importlib
import inspect
import json
import re
from functools import cached_property
from types import FunctionType

import pytest
from _sphinx.accessibility import mend
from _sphinx.api_reference import exports
from _sphinx.docstrings import keep_first_line_whole, math_as_rst
from _sphinx.public_names import definitions, public_name, public_packages
from sphinx.ext.napoleon import GoogleDocstring

PACKAGES = public_packages()


@pytest.fixture(scope="module")
def reference(root):
    """The pages of the reference, by name."""
    return {page.stem: page.read_text() for page in (root / "chapters" / "api").glob("*.md")}


def test_the_reference_is_what_the_packages_export(reference):
    described = []
    for text in reference.values():
        for package, *modules in (line.split() for line in re.findall(r"\{public\} (.+)", text)):
            described += [f"{package}.{name}" for name in exports(package, modules)]
    exported = {f"{package}.{name}" for package in PACKAGES for name in definitions(package)}
    forgotten = {
        f"{name} of {definitions(package)[name]}"
        for package in PACKAGES
        for name in definitions(package)
        if f"{package}.{name}" not in described
    }
    assert not forgotten, f"list their modules in a {{public}} directive of chapters/api/*.md: {sorted(forgotten)}"
    assert sorted(described) == sorted(exported)


def test_each_page_begins_with_what_one_can_do(reference):
    for name, text in reference.items():
        if "{public}" in text and name not in ("index", "cli"):  # the command line makes its own
            before = text.split("```{public}")[0]
            assert "| to … | use |" in before, name
            assert text.startswith("# "), name


def test_the_links_of_the_tables_lead_to_public_names(reference):
    for page, text in reference.items():
        package = re.search(r"\{currentmodule\} (\S+)", text)
        for name in re.findall(r"\{obj\}`~?([\w.]+)`", text):
            full = name if name.startswith("lmkit.") else f"{package[1]}.{name}"
            assert public_name(full) == full, f"{page}: {name}"


def test_a_module_that_exports_nothing_is_an_error():
    with pytest.raises(ValueError, match="lmkit.nn exports nothing that lmkit.nn.atention defines"):
        exports("lmkit.nn", ["atention"])


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("lmkit.nn.attention.MultiHeadAttention", "lmkit.nn.MultiHeadAttention"),
        ("lmkit.nn.MultiHeadAttention", "lmkit.nn.MultiHeadAttention"),
        ("lmkit.models.gpt.GPT.hidden", "lmkit.models.GPT.hidden"),
        ("lmkit.tasks.storyworld.drawing.Parts", "lmkit.tasks.Parts"),
        ("lmkit.functional.softmax", "lmkit.functional.softmax"),
        ("lmkit.evaluation.baselines.search.BM25", "lmkit.evaluation.baselines.BM25"),
        ("lmkit.models.gpt.GPTLayer", None),
        ("lmkit.storyworld.reading.Step", None),
        ("torch.Tensor", None),
    ],
)
def test_names_lead_to_the_public_one(target, expected):
    assert public_name(target) == expected


def imports_from_lmkit(code):
    """Names that a piece of code imports from lmkit, with their modules; lines of IPython are left out."""
    plain = "\n".join(line for line in code.splitlines() if not line.lstrip().startswith(("%", "!")))
    for statement in ast.walk(ast.parse(plain)):
        if isinstance(statement, ast.ImportFrom) and (statement.module or "").split(".")[0] == "lmkit":
            yield from ((statement.module, alias.name) for alias in statement.names)


def test_pages_and_exercises_import_public_names(root):
    hidden = set()
    for folder in ("chapters", "solutions", "exercises"):
        for page in (root / folder).rglob("*.ipynb"):
            cells = json.loads(page.read_text())["cells"] if ".ipynb_checkpoints" not in page.parts else []
            for cell in cells:
                if cell["cell_type"] == "code":
                    for module, name in imports_from_lmkit("".join(cell["source"])):
                        if module not in PACKAGES or name not in definitions(module):
                            hidden.add(f"{page.relative_to(root)}: {module}.{name}")
    assert not hidden, f"import what a subpackage exports: {sorted(hidden)}"


def has_example(value):
    """Whether the docstring of a function, of a class or of one of its methods has a doctest."""
    kinds = (FunctionType, classmethod, staticmethod, property, cached_property)
    members = [part for part in vars(value).values() if isinstance(part, kinds)] if inspect.isclass(value) else []
    return any(">>>" in (part.__doc__ or "") for part in (value, *members))


def needs_example(value):
    """Whether something is a class or a function; errors need none."""
    if inspect.isclass(value):
        return not issubclass(value, BaseException)
    return inspect.isfunction(value)


@pytest.mark.parametrize("package", PACKAGES)
def test_every_class_and_function_has_an_example(package):
    values = {name: getattr(importlib.import_module(package), name) for name in definitions(package)}
    missing = [name for name, value in values.items() if needs_example(value) and not has_example(value)]
    assert not missing, f"{package}: write a short example (>>>) into the docstrings of {missing}"


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
