"""The API reference: what each subpackage exports, under its public name, from the docstrings.

The ``{public}`` directive describes the exports of a subpackage. Cross-references may use the public name
(``lmkit.nn.tie``) or the one at the definition (``lmkit.nn.embeddings.tie``); both lead to the public one.
"""

import importlib
import inspect
from typing import Any, ClassVar

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.pycode import ModuleAnalyzer
from sphinx.util.docutils import SphinxDirective

from _sphinx.public_names import definitions, public_name

LONG_VALUE = 80
"""A constant whose value takes more characters is described without it."""


class Public(SphinxDirective):
    """``{public} lmkit.nn attention masks``: what ``lmkit.nn`` exports from these modules; without modules, from all.

    Modules are named relative to the package; ``corpus`` includes all modules below it.
    """

    required_arguments = 1
    optional_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar[dict[str, Any]] = {}

    def run(self) -> list[nodes.Node]:
        """Describe each name, and remember that it was described."""
        package, *modules = " ".join(self.arguments).split()
        lines = ["```{eval-rst}", f".. currentmodule:: {package}", ""]
        for name in exports(package, modules):
            lines += [*autodoc(package, name), ""]
        parent = nodes.Element()
        self.state.nested_parse(StringList([*lines, "```"], self.get_source_info()[0]), self.content_offset, parent)
        return parent.children


def exports(package: str, modules: list[str]) -> list[str]:
    """Names that a package exports from some of its modules, in the order in which their source defines them.

    Args:
        package: For example ``lmkit.nn``.
        modules: Names relative to the package; none means all.

    Raises:
        ValueError: If a module defines nothing that is exported.
    """
    found = definitions(package)
    names = sorted(found, key=lambda name: (found[name], _position(found[name], name)))
    if not modules:
        return names
    chosen = []
    for module in (f"{package}.{module}" for module in modules):
        here = [name for name in names if f"{found[name]}.".startswith(f"{module}.")]
        if not here:
            raise ValueError(f"{package} exports nothing that {module} defines")
        chosen += here
    return chosen


def _position(module: str, name: str) -> int:
    """How many definitions precede this one in its module."""
    analyzer = ModuleAnalyzer.for_module(module)
    analyzer.analyze()
    return analyzer.tagorder[name]


def autodoc(package: str, name: str) -> list[str]:
    """The autodoc directive for something that a package exports."""
    value = getattr(importlib.import_module(package), name)
    if inspect.isclass(value):
        kind, options = "exception" if issubclass(value, BaseException) else "class", [":members:"]
    elif inspect.isroutine(value):
        kind, options = "function", []
    else:
        kind, options = "data", [":no-value:"] if len(repr(value)) > LONG_VALUE else []
    return [f".. auto{kind}:: {package}.{name}", *(f"   {option}" for option in options)]


def resolve_public_name(
    app: Sphinx, env: BuildEnvironment, node: pending_xref, contnode: nodes.Element
) -> nodes.Element | None:
    """Resolve a name at its definition, or in a package that re-exports it, to the public name.

    A type in a signature that is not public is shown without a link; a reference in a text must lead somewhere.
    """
    target = node.get("reftarget", "")
    if node.get("refdomain") != "py" or not target.startswith("lmkit."):
        return None
    if (public := public_name(target)) is None:
        return None if "refwarn" in node else contnode
    domain = env.get_domain("py")
    return domain.resolve_xref(env, node["refdoc"], app.builder, "obj", public, node, contnode)


def setup(app: Sphinx) -> dict[str, bool]:
    """Called by Sphinx."""
    app.setup_extension("_sphinx.docstrings")
    app.add_directive("public", Public)
    app.connect("missing-reference", resolve_public_name)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
