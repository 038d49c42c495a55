"""Stand-ins for classes of the student's: an object stays in the student's process, and is asked for what it does."""

from collections.abc import Callable, Sequence
from typing import Any

FORWARDED = ("__call__", "__contains__", "__getitem__", "__iter__", "__len__", "__setitem__")
"""Comparisons are not among them: an object of the student's must not decide what is equal to it."""


class Remote:
    """What stands for an object of the other side.

    Attributes:
        tree_of_remote: How the channel refers to the object.
    """

    tree_of_remote: list


class StandIn(Remote):
    """What stands for an object of a class that an answer cell defines.

    Its attributes are plain data or functions, as the channel carries them; those that begin with an underscore are
    not asked for.
    """

    _call: Callable[..., Any]

    def __getattr__(self, attribute: str) -> Any:
        """Ask the object for an attribute."""
        if attribute.startswith("_"):
            raise AttributeError(f"{type(self).__name__} stands for a student's class and has no {attribute}")
        return self._call(["builtin", "getattr"], (self, attribute), {})

    def __setattr__(self, attribute: str, value: Any) -> None:
        """Set an attribute of the object."""
        self._call(["builtin", "setattr"], (self, attribute, value), {})

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of the answer>"


def class_stand_in(name: str, methods: Sequence[str], make: Callable[..., Any], call: Callable[..., Any]) -> type:
    """Make the class that stands for one of the student's.

    Args:
        name: Its name.
        methods: What its released cell defines.
        make: Makes an object of it, given the arguments.
        call: Calls a target on the other side: target, positional arguments, keyword arguments.
    """

    def new(cls: type, *args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True
        return make(*args, **kwargs)

    def forward(method: str) -> Callable[..., Any]:
        def called(self: StandIn, *args: Any, **kwargs: Any) -> Any:
            __tracebackhide__ = True
            return call([*self.tree_of_remote[:1], self.tree_of_remote[2], method], args, kwargs)

        return called

    members = {method: forward(method) for method in FORWARDED if method in methods or method == "__call__"}
    return type(name, (StandIn,), {"__new__": new, "_call": staticmethod(call), **members})


def stand_in_for(kind: type, tree: list) -> Any:
    """Return an object of a class of :func:`class_stand_in` that stands for one on the other side."""
    made: Any = object.__new__(kind)
    object.__setattr__(made, "tree_of_remote", tree)
    return made
