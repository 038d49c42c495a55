"""What is public in lmkit: the names that a subpackage's ``__init__`` exports, and where each of them is defined."""

import ast
import importlib
import inspect
import pkgutil
from functools import cache

import lmkit

NESTED = ("lmkit.evaluation.baselines",)
"""Public packages below a subpackage. All others belong to the package above them."""


@cache
def public_packages() -> tuple[str, ...]:
    """The packages and modules that users import from: those right below ``lmkit``, and the nested ones."""
    names = [info.name for info in pkgutil.iter_modules(lmkit.__path__) if not info.name.startswith("_")]
    return (*(f"lmkit.{name}" for name in names), *NESTED)


@cache
def definitions(package: str) -> dict[str, str]:
    """The modules that define what a package exports, by the exported names."""
    return {name: _origin(package, name) for name in importlib.import_module(package).__all__}


@cache
def _imports(module: str) -> dict[str, str]:
    """Names that a module imports from lmkit, with the modules that they are imported from."""
    statements = ast.parse(inspect.getsource(importlib.import_module(module))).body
    return {
        alias.asname or alias.name: statement.module
        for statement in statements
        if isinstance(statement, ast.ImportFrom) and statement.module and statement.module.startswith("lmkit")
        for alias in statement.names
    }


def _origin(module: str, name: str) -> str:
    """Follow a name through the packages that re-export it."""
    further = _imports(module).get(name)
    return module if further is None else _origin(further, name)


@cache
def public_names() -> dict[str, str]:
    """Public names (``lmkit.nn.tie``) by the names at the definition (``lmkit.nn.embeddings.tie``)."""
    return {
        f"{module}.{name}": f"{package}.{name}"
        for package in reversed(public_packages())
        for name, module in definitions(package).items()
    }


def public_name(target: str) -> str | None:
    """The public name of something that is exported, or of a member of it, whichever way it is addressed.

    Args:
        target: For example ``lmkit.models.gpt.GPT.hidden`` or ``lmkit.models.GPT.hidden``.

    Returns:
        ``lmkit.models.GPT.hidden``; nothing for what is not public.
    """
    names = public_names()
    if target in names:
        return names[target]
    if target in names.values():
        return target
    owner, _, member = target.rpartition(".")
    return f"{found}.{member}" if owner.startswith("lmkit.") and (found := public_name(owner)) else None
