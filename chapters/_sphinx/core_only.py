"""Pages are executed as a reader executes their downloads: with core ``lmkit`` and Jupyter's kernel alone.

What else is installed cannot be imported by a page, unless the metadata of its notebook name an extra that brings it.
"""

import inspect
from collections.abc import Iterable
from functools import cache
from importlib.metadata import PackageNotFoundError, packages_distributions, requires

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOTS = ("lmkit-book", "ipykernel")


@cache
def distributions(extras: tuple[str, ...] = ()) -> frozenset[str]:
    """Names of what core lmkit and the kernel need, and what that needs in turn.

    Args:
        extras: Extras of lmkit.
    """
    found: set[tuple[str, frozenset[str]]] = set()
    waiting = [(ROOTS[0], frozenset(extras)), *((name, frozenset[str]()) for name in ROOTS[1:])]
    while waiting:
        name, wanted = one = waiting.pop()
        if one in found:
            continue
        found.add(one)
        try:
            needs = map(Requirement, requires(name) or ())
        except PackageNotFoundError:
            if name in ROOTS:
                raise
            continue  # what another system needs
        waiting += [
            (canonicalize_name(need.name), frozenset(need.extras))
            for need in needs
            if need.marker is None or any(need.marker.evaluate({"extra": extra}) for extra in ("", *wanted))
        ]
    return frozenset(name for name, _ in found)


@cache
def hidden_modules(extras: tuple[str, ...] = ()) -> frozenset[str]:
    """Modules that are installed here, and that neither core lmkit nor the kernel brings.

    Args:
        extras: Extras of lmkit that are allowed too.
    """
    allowed = distributions(extras)
    return frozenset(
        module
        for module, sources in packages_distributions().items()
        if module != "lmkit" and allowed.isdisjoint(map(canonicalize_name, sources))
    )


def hide(names: Iterable[str]) -> None:
    """Let Python find none of these modules; it runs in the kernel."""
    import sys
    from importlib.machinery import PathFinder

    hidden = frozenset(names)

    class CoreOnly(PathFinder):
        @classmethod
        def find_spec(cls, name, path=None, target=None):  # type: ignore[no-untyped-def]
            return None if name in hidden else super().find_spec(name, path, target)

    sys.meta_path[:] = [CoreOnly if finder is PathFinder else finder for finder in sys.meta_path]


def hiding_code(extras: Iterable[str] = ()) -> str:
    """The source of what the kernel runs before the first cell; it leaves no name behind.

    Args:
        extras: Extras of lmkit that the page may import.
    """
    source = inspect.getsource(hide).replace("Iterable[str]", "object")
    return f"{source}\nhide({sorted(hidden_modules(tuple(extras)))!r})\ndel hide\n"
