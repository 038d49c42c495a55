"""Trials that every answer stands, whatever it computes: the calls of a test once more, made in another way.

A test says what is right. What holds for every task it need not say again: arguments stay as they are, the same call
gives the same result, by position or by name. A cell's tests run first; the trials come when they have passed. What
else is tried, a function's declaration says: the entry of its name in ``trials`` in the metadata of its answer cell.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from lmkit.grading.channel.calls import ChannelError, Outcome, Peer
from lmkit.grading.channel.carrying import unpack
from lmkit.grading.channel.comparing import same
from lmkit.grading.channel.objects import class_stand_in
from lmkit.grading.channel.reading import Reader

NOISE = 1e-4
"""Of a result's largest number: PyTorch may add in another order when memory lies otherwise."""
COARSE = 1e-3
"""For float64 in place of float32."""


@dataclass(frozen=True, kw_only=True)
class Declaration:
    """What is known of a function or class that an answer cell defines.

    Args:
        parameters: Their names, in order; empty if some have none, as in ``f(*args)``.
        methods: Of a class, what it defines.
        range: What the statement promises: for each expression over the arguments its least and greatest value.
            Nothing is tried with it here; the tests of the exercises hold the tests to it.
        changes: Arguments that the function may change.
        new: Whether the result must not be an argument, or a view of one's memory.
        random: Whether the same call may give other results.
        layouts: Whether tensors may come in any memory layout.
        float64: Whether tensors may be float64 where the tests have float32.
    """

    parameters: tuple[str, ...] = ()
    methods: tuple[str, ...] | None = None
    range: dict[str, list[float]] = field(default_factory=dict)
    changes: tuple[str, ...] = ()
    new: bool = False
    random: bool = False
    layouts: bool = False
    float64: bool = False


class Trials:
    """Stands in for functions of a student's process, remembers how a cell calls them, and tries them afterwards.

    Args:
        peer: The tests' end of the channel.
        functions: By name.

    Attributes:
        stand_ins: What tests call, by name.
        watch: Called before each call with the function's name and its arguments by name.

    Example:
        >>> from lmkit.grading.channel.serving import in_one_process
        >>> def double(numbers):
        ...     numbers += numbers
        ...     return numbers
        >>> trials = Trials(in_one_process({"double": double}), {"double": Declaration(parameters=("numbers",))})
        >>> trials.stand_ins["double"]([1])
        [1, 1]
        >>> trials.finish()
        Traceback (most recent call last):
        AssertionError: double changed its argument `numbers`: leave arguments as they are and work on a copy
    """

    def __init__(self, peer: Peer, functions: dict[str, Declaration]) -> None:
        self.peer, self.functions = peer, functions
        self.watch: Callable[[str, dict[str, Any]], None] | None = None
        self.first: dict[str, Outcome] = {}
        self.problems: dict[str, str] = {}
        self.stand_ins: dict[str, Callable[..., Any]] = {name: self.stand_in(name) for name in functions}
        for name, declared in functions.items():
            if declared.methods is not None:
                peer.classes[name] = class_stand_in(name, declared.methods, self.stand_ins[name], peer.call)
        self.stand_ins |= peer.classes

    def stand_in(self, name: str) -> Callable[..., Any]:
        """Return a function that calls the student's function of that name."""
        parameters = self.functions[name].parameters

        def function(*args: Any, **kwargs: Any) -> Any:
            __tracebackhide__ = True
            if self.watch is not None:
                self.watch(name, dict(zip(parameters, args, strict=False)) | kwargs)
            outcome = self.peer.perform(["name", name], args, kwargs)
            self.note(name, outcome, [*parameters[: len(args)], *kwargs])
            return outcome.value

        function.__name__ = function.__qualname__ = name
        return function

    def note(self, name: str, outcome: Outcome, arguments: list[str]) -> None:
        """Keep what a call did with its arguments, and the first that can be made again."""
        declared = self.functions[name]
        if not outcome.refers:
            self.first.setdefault(name, outcome)
        called = dict(enumerate(arguments))
        changed = [called.get(number, "?") for number in outcome.changed]
        returned = [called.get(number, "?") for number in outcome.returned]
        for argument in changed:
            if argument not in declared.changes:
                text = f"{name} changed its argument `{argument}`: leave arguments as they are and work on a copy"
                self.problems.setdefault(name, text)
        if declared.new and returned:
            text = f"{name} returned its argument `{returned[0]}`, or a view of it: the statement asks for a new one"
            self.problems.setdefault(name, text)
        if outcome.overwrote and not outcome.refers:
            text = f"{name} changed the result of an earlier call: make a new one in each call, and keep nothing"
            self.problems.setdefault(name, text)

    def begin(self) -> None:
        """Forget the calls of the cell before."""
        self.first.clear()
        self.problems.clear()

    def finish(self) -> None:
        """Try every function that the cell has called.

        Raises:
            AssertionError: If one does not stand the trials; the message says which and how.
        """
        for problem in self.problems.values():
            raise AssertionError(problem)
        for name, outcome in self.first.items():
            declared = self.functions[name]
            self.attempt(name, outcome, Way("when its arguments are given by name", by_name=True))
            self.attempt(name, outcome, Way("when the same call is made again, after others"))
            if declared.layouts:
                self.attempt(name, outcome, Way("when tensors lie otherwise in memory", tensors=strided))
            if declared.float64:
                self.attempt(name, outcome, Way("when tensors are float64", tensors=doubled, tolerance=COARSE))

    def attempt(self, name: str, outcome: Outcome, way: "Way") -> None:
        """Make a call again, and compare what comes of it."""
        parameters = self.functions[name].parameters
        args, kwargs, _ = self.read(outcome)
        if way.tensors is not None:
            args, kwargs = with_tensors(args, way.tensors), with_tensors(kwargs, way.tensors)
        if way.by_name and parameters:
            args, kwargs = (), dict(zip(parameters, args, strict=False)) | kwargs
        else:
            following = parameters[len(args) :]
            args += tuple(kwargs.pop(parameter) for parameter in following if parameter in kwargs)
        try:
            result = self.peer.call(["name", name], args, kwargs)
        except ChannelError:
            raise
        except Exception as error:
            problem = AssertionError(f"{name} fails {way.words}: {type(error).__name__}: {error}")
            vars(problem)["where_in_answer"] = getattr(error, "where_in_answer", [])
            raise problem from None
        _, _, expected = self.read(outcome)
        if not self.functions[name].random and not same(result, expected, way.tolerance):
            hint = ": does it keep something between calls?" if way.tensors is None else ""
            raise AssertionError(f"{name} gives another result {way.words}{hint}")

    def read(self, outcome: Outcome) -> tuple[tuple, dict[str, Any], Any]:
        """Return new copies of a call's arguments, as they were when it was made, and of its result."""
        (_, places, names, named), blobs = unpack(outcome.request)
        reader = Reader(blobs, self.peer.resolve)
        args, values = reader.value(places), reader.value(named)
        (_, content, *_), more = unpack(outcome.reply)
        result = Reader(blobs + more, self.peer.resolve, reader.objects).value(content)
        return args, dict(zip(names, values, strict=True)), result


@dataclass(frozen=True)
class Way:
    """A way to make a call again: its name in a message, and what is different."""

    words: str
    by_name: bool = False
    tensors: Callable[[Any], Any] | None = None
    tolerance: float = NOISE


def with_tensors(value: Any, change: Callable[[Any], Any]) -> Any:
    """Return arguments with every tensor changed."""
    if isinstance(value, list | tuple):
        return type(value)(with_tensors(item, change) for item in value)
    if isinstance(value, dict):
        return {key: with_tensors(item, change) for key, item in value.items()}
    torch = sys.modules.get("torch")
    return change(value) if torch is not None and isinstance(value, torch.Tensor) else value


def strided(tensor: Any) -> Any:
    """Return the same numbers with the first axis innermost in memory; of a vector, with gaps between them.

    Example:
        >>> import torch
        >>> strided(torch.zeros(2, 3)).stride(), strided(torch.zeros(4)).stride()
        ((1, 2), (2,))
    """
    axes = tuple(reversed(range(tensor.ndim)))
    if tensor.ndim > 1:
        return tensor.permute(axes).contiguous().permute(axes)
    return tensor.repeat_interleave(2)[::2] if tensor.ndim else tensor


def doubled(tensor: Any) -> Any:
    """Return a tensor of float32 as float64."""
    return tensor.double() if str(tensor.dtype) == "torch.float32" else tensor
