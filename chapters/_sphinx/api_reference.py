"""The API reference: every public module of a package, from its docstrings.

Some things are added to Sphinx's autodoc: the ``{modules}`` directive finds the modules, so that none can be
forgotten; ``$...$`` and ``$$...$$`` in docstrings become formulas; and a reference may use the public name
(``lmkit.models.NgramModel``) of something that is defined further down (``lmkit.models.ngram.NgramModel``).
"""

import importlib
import pkgutil
import re
from types import ModuleType
from typing import Any, ClassVar

from docutils import nodes
from docutils.statemachine import StringList
from numpy.typing import ArrayLike
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import stringify_annotation

# Literals and doctest lines come first, so that a dollar inside them is left alone.
_MARKUP = re.compile(
    r"(?P<literal>``.+?``|^[ ]*(?:>>>|\.\.\.)[ ][^\n]*)"
    r"|^(?P<indent>[ ]*)\$\$(?P<display>.+?)\$\$[ ]*$"
    r"|(?<![\\$])\$(?P<inline>(?:[^$\n]|\n(?!\s*\n))+)\$(?P<suffix>\w?)",
    re.DOTALL | re.MULTILINE,
)


def public_modules(package: str) -> list[str]:
    """Names of a package and of the public modules below it.

    The subpackages of ``lmkit`` itself are left out: each has a page of its own.
    """
    module = importlib.import_module(package)
    below = pkgutil.walk_packages(module.__path__, f"{package}.") if "." in package else _direct(module)
    names = sorted(info.name for info in below)
    return [package, *(name for name in names if not any(part.startswith("_") for part in name.split(".")))]


def _direct(package: ModuleType) -> list[pkgutil.ModuleInfo]:
    return [info for info in pkgutil.iter_modules(package.__path__, f"{package.__name__}.") if not info.ispkg]


class Modules(SphinxDirective):
    """``{modules} lmkit.models``: one section for each public module of a package."""

    required_arguments = 1
    option_spec: ClassVar[dict[str, Any]] = {}

    def run(self) -> list[nodes.Node]:
        """Describe the package itself, then each module under a heading."""
        package, *modules = public_modules(self.arguments[0])
        result = self._automodule(package)
        for module in modules:
            section = nodes.section("", names=[module], ids=[nodes.make_id(module)])
            section += nodes.title("", "", nodes.literal("", module.removeprefix(f"{package}.")))
            section += self._automodule(module)
            result.append(section)
        return result

    def _automodule(self, module: str) -> list[nodes.Node]:
        lines = ["```{eval-rst}", f".. automodule:: {module}", "   :members:", "   :ignore-module-all:", "```"]
        parent = nodes.Element()
        self.state.nested_parse(StringList(lines, self.get_source_info()[0]), self.content_offset, parent)
        return parent.children


def render_math(app: Sphinx, what: str, name: str, obj: Any, options: Any, lines: list[str]) -> None:
    """Turn the dollars of a docstring into formulas."""
    lines[:] = math_as_rst("\n".join(lines)).split("\n")


def math_as_rst(text: str) -> str:
    """Turn ``$...$`` into the math role, and ``$$...$$`` on lines of its own into the math directive."""
    return _MARKUP.sub(_math_as_rst, text)


def _math_as_rst(match: re.Match[str]) -> str:
    if match["literal"]:
        return match["literal"]
    if match["inline"]:
        return f":math:`{match['inline']}`" + (f"\\ {match['suffix']}" if match["suffix"] else "")
    indent = match["indent"]
    formula = "\n".join(f"{indent}   {line.strip()}" for line in match["display"].strip().splitlines())
    return f"\n{indent}.. math::\n\n{formula}\n"


def keep_first_line_whole(app: Sphinx, what: str, name: str, obj: Any, options: Any, lines: list[str]) -> None:
    """Napoleon would take what stands before a colon in the first line of a variable's docstring for its type."""
    if what in ("attribute", "data", "property"):
        lines.insert(0, "")


def name_array_like(
    app: Sphinx, what: str, name: str, obj: Any, options: Any, signature: str | None, returns: str | None
) -> tuple[str | None, str | None]:
    """Write numpy's ``ArrayLike`` by its name instead of the union of a dozen types that it stands for."""
    union = stringify_annotation(ArrayLike, "smart")
    return signature and signature.replace(union, "~numpy.typing.ArrayLike"), returns


def resolve_public_name(
    app: Sphinx, env: BuildEnvironment, node: pending_xref, contnode: nodes.Element
) -> nodes.Element | None:
    """Resolve a name that a package re-exports, by asking Python where it is defined."""
    package, _, name = node.get("reftarget", "").rpartition(".")
    if node.get("refdomain") != "py" or not package.startswith("lmkit"):
        return None
    try:
        target = getattr(importlib.import_module(package), name)
        canonical = f"{target.__module__}.{target.__qualname__}"
    except (ImportError, AttributeError):
        return None
    if canonical == node["reftarget"]:
        return None
    domain = env.get_domain("py")
    return domain.resolve_xref(env, node["refdoc"], app.builder, node["reftype"], canonical, node, contnode)


def setup(app: Sphinx) -> dict[str, bool]:
    """Called by Sphinx."""
    app.add_directive("modules", Modules)
    app.connect("autodoc-process-docstring", render_math, priority=400)  # before napoleon
    app.connect("autodoc-process-docstring", keep_first_line_whole, priority=400)
    app.connect("autodoc-process-signature", name_array_like)
    app.connect("missing-reference", resolve_public_name)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
