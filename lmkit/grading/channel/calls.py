"""Calls between two processes, in both directions: a test calls an answer, which calls back what the test gave it."""

import builtins
import collections
import collections.abc
import dataclasses
import functools
import inspect
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lmkit.grading.channel.carrying import FIXED, MUTABLE, CarryError, Opaque, opaque, pack, unpack
from lmkit.grading.channel.comparing import same, share_memory
from lmkit.grading.channel.gradients import Graph, joined, positions_requiring_grad
from lmkit.grading.channel.objects import Remote, stand_in_for
from lmkit.grading.channel.reading import Reader, assign
from lmkit.grading.channel.writing import Writer, shown

TESTS, ANSWERS = "tests", "answers"
PLAIN = (str, bytes, int, float, complex, collections.abc.Iterator, *MUTABLE.values(), *FIXED.values())
"""Of a class derived from one of these, what is carried is the value."""
NOT_CARRIED = (StopIteration, StopAsyncIteration, Warning)
"""Exceptions that mean something to whoever iterates: a lying answer could end a test's loop with one."""
ERRORS = {
    name: kind
    for name, kind in vars(builtins).items()
    if isinstance(kind, type) and issubclass(kind, Exception) and not issubclass(kind, NOT_CARRIED)
}


class ChannelError(Exception):
    """The other process does not answer calls as it should."""


@dataclass(frozen=True)
class Outcome:
    """What a call returned, and what it did with its arguments, which count from 0, those with a name last.

    Args:
        value: What was returned.
        changed: Arguments that have other contents after the call; a ``torch.Generator`` that was used is not changed.
        returned: Arguments that were returned, or with which a returned tensor or array shares its memory.
        refers: Whether an argument stayed where it is, such as a function: then the call cannot be made again.
        overwrote: Whether what the function returned in the call before holds something else now.
        request: The call as it was sent.
        reply: What came back.
    """

    value: Any
    changed: list[int]
    returned: list[int]
    refers: bool
    overwrote: bool
    request: bytes
    reply: bytes


class Peer:
    """One end of the channel.

    Args:
        side: ``"tests"`` or ``"answers"``; decides what is trusted, see :meth:`raise_error`.
        exchange: Sends a request and returns the reply; may call :meth:`answer` in between.
        namespace: What the other side may call by its name.

    Attributes:
        classes: Classes whose objects stay on the side of the answers, by name: here what stands for them, there
            themselves.
    """

    def __init__(self, side: str, exchange: Callable[[bytes], bytes], namespace: dict[str, Any] | None = None) -> None:
        self.side, self.exchange = side, exchange
        self.namespace = {} if namespace is None else namespace
        self.held: list[Any] = []
        self.numbers: dict[int, int] = {}
        self.raised: list[Exception] = []
        self.classes: dict[str, type] = {}
        self.objects: dict[int, Any] = {}
        self.results: dict[str, tuple[Any, Any]] = {}

    def forget(self) -> None:
        """Forget what was given to the other side, which then cannot be called any more."""
        self.held.clear()
        self.numbers.clear()
        self.raised.clear()
        self.objects.clear()
        self.results.clear()

    def call(self, target: list, args: tuple, kwargs: dict[str, Any]) -> Any:
        """Call something on the other side.

        Args:
            target: ``["name", name]``, or ``["held", number, method]`` for what was given to this side.
            args: Positional arguments; those that the call changes are changed here, too.
            kwargs: Keyword arguments.

        Returns:
            Plain data.

        Raises:
            CarryError: If an argument cannot be carried.
            ChannelError: If what comes back is no reply.
            Exception: What the function raised.
        """
        __tracebackhide__ = True
        return self.perform(target, args, kwargs).value

    def perform(self, target: list, args: tuple, kwargs: dict[str, Any]) -> Outcome:
        """Call something on the other side, as :meth:`call` does, and say all that came of it."""
        __tracebackhide__ = True
        writer = Writer(self.refer, strict=self.side == TESTS)
        trees: list[Any] = []
        owners: list[int] = []
        try:
            for number, value in enumerate((*args, *kwargs.values())):
                trees.append(writer.tree(value, 1))
                owners += [number] * (len(writer.objects) - len(owners))
            places, named = ["tuple", trees[: len(args)]], ["tuple", trees[len(args) :]]
            request = pack([target, places, [*kwargs], named], writer.blobs)
        except CarryError as problem:
            raise CarryError(f"{target[1]}: {problem}") from None
        before, leaves = len(self.raised), positions_requiring_grad(writer.objects)
        reply = self.exchange(request)
        for raised in self.raised[before:]:
            if isinstance(raised, AssertionError):  # also if the answer has caught it
                raise raised
        try:
            (kind, content, changes, about), blobs = unpack(reply)
            blobs = writer.blobs + blobs
            changed = []
            for number, tree in changes:
                old, new = writer.objects[number], Reader(blobs, self.resolve).value(tree)
                if not same(old, new):
                    changed.append(owners[number])
                assign(old, new)
            if kind == "value":
                reader = Reader(blobs, self.resolve, writer.objects)
                value = reader.value(content)
                if about["graph"] is not None:
                    number, outputs = about["graph"]
                    ask = functools.partial(self.ask, number)
                    inputs = [writer.objects[n] for n in leaves]
                    tensors = joined(ask, inputs, [reader.objects[n] for n in outputs])
                    replaced = dict(zip(outputs, tensors, strict=True))
                    value = Reader(blobs, self.resolve, writer.objects, replaced).value(content)
                returned = [owners[number] for number in about["shared"]]
                return Outcome(value, changed, returned, writer.refers, about["overwrote"], request, reply)
            error = self.error(content)
        except (CarryError, LookupError, TypeError, ValueError, RuntimeError) as problem:
            raise ChannelError(f"the reply to a call of {target[1]} cannot be read: {problem}") from None
        raise error

    def ask(self, number: int, gradients: list[Any]) -> list[Any]:
        """Ask the other side for the gradients of what a call has computed there."""
        found: list[Any] = self.call(["gradients", number], (gradients,), {})
        return found

    def answer(self, request: bytes) -> bytes:
        """Carry out a request of the other side and return the reply: what came of it, and what it has changed."""
        reader = Reader([], self.resolve)
        blobs: list[bytes] = []
        about: dict[str, Any] = {"shared": [], "graph": None, "overwrote": False}
        try:
            (target, args, names, values), blobs = unpack(request)
            reader.blobs = blobs
            call = functools.partial(self.find(target), *reader.value(args))
            writer = Writer(self.refer, reader.objects, blobs)
            value = call(**dict(zip(names, reader.value(values), strict=True)))
            reply = ["value", writer.tree(value)]
            about["graph"] = self.graph(reader, writer)
            if self.side == ANSWERS:
                about["shared"] = [n for n, known in enumerate(reader.objects) if share_memory(value, known)]
                about["overwrote"] = target[0] == "name" and self.overwrites(target[1], value)
        except BaseException as error:
            if self.side == TESTS and not isinstance(error, Exception):
                raise
            writer = Writer(self.refer, blobs=blobs)
            reply = ["error", self.describe(error)]
        try:
            changes = self.changes(reader, writer) if self.side == ANSWERS else []
            return pack([*reply, changes, about], writer.blobs[len(blobs) :])
        except CarryError as error:
            return pack(["error", self.describe(error), [], about], [])

    def graph(self, reader: Reader, writer: Writer) -> list | None:
        """Keep the graph of what a call returns: its number, and which of the objects that were written have one."""
        outputs = [n for n in positions_requiring_grad(writer.objects) if not writer.objects[n].is_leaf]
        if not outputs:
            return None
        leaves = [n for n, tree in enumerate(reader.trees) if tree[0] == "tensor" and tree[4]]
        graph = Graph([reader.objects[n] for n in leaves], [writer.objects[n] for n in outputs])
        return [self.hold(graph), outputs]

    def overwrites(self, name: str, value: Any) -> bool:
        """Say whether a function's result before this one has changed since, as a buffer does that is used again."""
        before, then = self.results.get(name, (None, None))
        overwrote = name in self.results and snapshot(before) != then
        self.results[name] = value, snapshot(value)
        return overwrote

    def changes(self, reader: Reader, writer: Writer) -> list:
        """List which of the objects that came with a request have changed, and how."""
        writer.known = {}
        trees = map(writer.tree, reader.objects)
        return [[n, tree] for n, (tree, before) in enumerate(zip(trees, reader.trees, strict=True)) if tree != before]

    def find(self, target: list) -> Any:
        """Return what the other side wants to call."""
        kind, name, *method = target
        if kind == "name":
            if name not in self.namespace:
                raise NameError(f"name {name!r} is not defined")
            found = self.namespace[name]
            if isinstance(found, type):
                self.classes[found.__name__] = found
            return found
        if kind == "builtin" and self.side == ANSWERS:
            return getattr(builtins, name)
        held: Any = self.held[name] if name >= 0 else None
        if kind == "gradients" and isinstance(held, Graph):
            return held.gradients
        if kind == "instance" and self.side == ANSWERS:
            return getattr(held, *method)
        return getattr(held, method[0]) if method and method[0] in methods(held) else held

    def refer(self, value: Any, writer: Writer, depth: int) -> Any:
        """Return a tree that refers to a function, or to an object of a class that this side has made."""
        if isinstance(value, Remote):
            return value.tree_of_remote
        tree = getattr(value, "tree_of_remote", None) if inspect.isfunction(value) else None
        if tree is not None:
            return tree
        kind = type(value)
        if self.side == TESTS and (kind.__module__ == "__main__" or isinstance(value, collections.abc.Iterator)):
            names = methods(value)
            base = next((base for base in (dict, list) if isinstance(value, base)), None)
            if names and (base or not callable(value)):
                content = writer.tree(base(value), depth + 1) if base else None
                return ["object", self.side, self.hold(value), kind.__name__, content, names]
        if self.side == ANSWERS and self.stays(kind):
            return ["instance", self.side, self.hold(value), kind.__name__, callable(value), shown(value)]
        if callable(value):
            return ["function", self.side, self.hold(value), getattr(value, "__name__", kind.__name__)]
        return None

    def stays(self, kind: type) -> bool:
        """Say whether objects of a class of the student's stay where they are."""
        if self.classes.get(kind.__name__) is kind:
            return not issubclass(kind, PLAIN)
        return kind.__module__ == "__main__" and not issubclass(kind, PLAIN) and not dataclasses.is_dataclass(kind)

    def hold(self, value: Any) -> int:
        """Keep a value for the other side to call, and return its number."""
        if id(value) not in self.numbers:
            self.numbers[id(value)] = len(self.held)
            self.held.append(value)
        return self.numbers[id(value)]

    def resolve(self, kind: str, parts: list, reader: Reader, depth: int) -> Any:
        """Return what a tree refers to: an object of this side, or a proxy of one of the other."""
        owner, number, name, *rest = parts
        if owner == self.side:
            if not 0 <= number < len(self.held):
                raise CarryError("there is no such function")
            return self.held[number]
        tree = [kind, *parts]
        if kind == "instance" and self.side == TESTS:
            if name in self.classes:
                return self.objects.setdefault(number, stand_in_for(self.classes[name], tree))
            if not rest[0]:
                return opaque(name, rest[1])
        if kind == "function" or kind == "instance":

            def function(*args: Any, **kwargs: Any) -> Any:
                return self.call(["held", number], args, kwargs)

            function.__name__ = function.__qualname__ = str(name)
            vars(function)["tree_of_remote"] = tree
            return function
        if self.side == TESTS:
            raise CarryError("objects are not carried to the tests")
        content = reader.value(rest[0], depth + 1)
        base = object if content is None else type(content)
        members: dict[str, Any] = {method: self.method(number, method) for method in rest[1]}
        if "__next__" in members:
            members["__iter__"] = lambda self: self
        proxy = type(name, (Remote, base), members)
        made = proxy() if content is None else proxy(content)
        made.tree_of_remote = tree
        return made

    def method(self, number: int, name: str) -> Callable[..., Any]:
        """Return a method that calls the one of that name of an object on the other side."""

        def call(_self: Any, *args: Any, **kwargs: Any) -> Any:
            return self.call(["held", number, name], args, kwargs)

        return call

    def describe(self, error: BaseException) -> dict[str, Any]:
        """Describe an exception for the other side."""
        origin = getattr(error, "origin_of_remote", None)
        if origin is None and self.side == TESTS and isinstance(error, Exception):
            origin = len(self.raised)
            self.raised.append(error)
        names = [kind.__name__ for kind in type(error).__mro__[:-1]]
        writer = Writer(lambda *_: None)
        try:
            args = writer.tree(error.args)
            args = None if writer.blobs or len(str(args)) > 2000 else args
        except Exception:
            args = None
        try:
            text = str(error)[:10_000]
        except Exception:
            text = shown(error)
        return {"names": names, "args": args, "text": text, "where": where(error), "origin": origin}

    def error(self, failure: dict[str, Any]) -> Any:
        """Return the exception that the other side has described; that of a callback is the one that was raised."""
        origin, text = failure["origin"], str(failure["text"])
        if self.side == TESTS and isinstance(origin, int) and 0 <= origin < len(self.raised):
            return self.raised[origin]
        names = [str(name)[:100] for name in failure["names"]]
        allowed = ERRORS if self.side == TESTS else vars(builtins)
        kind = next((allowed[name] for name in names if name in allowed), Exception)
        error: Any
        try:
            error = kind(*Reader([], self.resolve).value(failure["args"]))
            exact = str(error) == text and kind.__name__ == names[0]
        except Exception:
            exact = False
        if not exact:
            named = type(
                names[0] if names else "Exception", (kind,), {"__str__": lambda _: text, "__module__": "builtins"}
            )
            error = named.__new__(named, text)
            error.args = (text,)
        vars(error)["origin_of_remote"] = origin
        if self.side == TESTS:
            vars(error)["where_in_answer"] = [str(line)[:500] for line in failure["where"][-8:]]
        return error


def methods(value: Any) -> list[str]:
    """List the methods of an object that the other side may call: those that its own class defines.

    Example:
        >>> methods(iter([]))
        ['__next__']
    """
    if isinstance(value, collections.abc.Iterator):
        return ["__next__"]
    hidden = {"__init__", "__new__", "__init_subclass__", "__class_getitem__", "__getattribute__", "__repr__", "__eq__"}
    return [
        name
        for kind in type(value).__mro__
        if kind.__module__ == "__main__"
        for name, member in vars(kind).items()
        if inspect.isfunction(member) and name not in hidden
    ]


def snapshot(value: Any) -> tuple[Any, list[bytes]]:
    """Return what a value holds now, in numbers, text, containers and tensors; nothing else of it counts.

    Example:
        >>> numbers = [1, 2]
        >>> before = snapshot(numbers)
        >>> numbers[0] = 3
        >>> snapshot(numbers) == before
        False
    """
    writer = Writer(lambda *_: ["elsewhere"])
    return writer.tree(value), writer.blobs


def where(error: BaseException) -> list[str]:
    """Say where in a notebook's cells an exception came from, outermost first."""
    frames = traceback.extract_tb(error.__traceback__)
    cells = [frame for frame in frames if "ipykernel" in frame.filename or "ipython-input" in frame.filename]
    return [f"in {frame.name}, line {frame.lineno}: {frame.line}" for frame in cells if "serving" not in frame.name]


__all__ = ["ANSWERS", "TESTS", "CarryError", "ChannelError", "Opaque", "Peer"]
