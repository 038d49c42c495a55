"""From values to what a message holds."""

import collections
import collections.abc
import dataclasses
import decimal
import fractions
import itertools
import sys
from collections.abc import Sequence
from typing import Any

from lmkit.grading.channel.carrying import FIXED, MAX_DEPTH, MUTABLE, CarryError

MAX_ITEMS = 10**6
"""Of what an iterator yields."""

NAMES: dict[Any, str] = {kind: name for name, kind in (MUTABLE | FIXED).items()}
LIMIT = 2**63


class Writer:
    """Turns values into a tree that JSON can hold, and into blobs.

    Args:
        refer: Asked for what cannot be copied, such as a function: a tree that refers to it, or ``None``.
        known: Objects that the reader has as well, by position; they are referred to.
        blobs: Bytes that the reader has as well.
        strict: Whether what cannot be carried is an error, and not an :class:`Opaque`.

    Attributes:
        objects: What can be changed in what was written, in order; :attr:`Reader.objects` are the copies.
        refers: Whether anything was referred to.
    """

    def __init__(self, refer: Any, known: Sequence = (), blobs: Sequence[bytes] = (), strict: bool = False) -> None:
        self.refer, self.strict, self.refers = refer, strict, False
        self.objects: list[Any] = []
        self.blobs = list(blobs)
        self.numbers = {blob: number for number, blob in enumerate(blobs)}
        self.known = {id(value): number for number, value in enumerate(known)}

    def tree(self, value: Any, depth: int = 0) -> Any:
        """Return a value's tree.

        Raises:
            CarryError: If it is nested too deeply or too long, or cannot be carried and this writer is strict.
        """
        kind = type(value)
        if value is None or kind in (bool, str, float):
            return value
        if kind is int:
            return value if -LIMIT <= value < LIMIT else ["int", hex(value)]
        if id(value) in self.known:
            return ["known", self.known[id(value)]]
        if depth > MAX_DEPTH:
            raise CarryError(f"a value is nested more than {MAX_DEPTH} deep")
        name = NAMES.get(kind)
        if name is None:
            return self.rarer(value, depth)
        if name in MUTABLE:
            self.objects.append(value)
        return [name, self.items(value, depth + 1)]

    def items(self, value: Any, depth: int) -> list:
        """Return the trees of a container's items; of a dictionary's, keys and values in turn."""
        items = itertools.chain.from_iterable(value.items()) if isinstance(value, dict) else value
        return [self.tree(item, depth) for item in items]

    def rarer(self, value: Any, depth: int) -> Any:
        """Return the tree of what is no scalar and no ordinary container."""
        if type(value).__module__.partition(".")[0] in ("torch", "numpy"):
            numerical = self.numerical(value)
            if numerical is not None:
                return numerical
        referred = self.refer(value, self, depth)
        if referred is not None:
            self.refers = True
            return referred
        kind = type(value)
        if isinstance(value, bytes | bytearray | memoryview):
            return [kind.__name__, self.blob(bytes(value))]
        if isinstance(value, complex):
            return ["complex", value.real, value.imag]
        if kind is fractions.Fraction:
            return ["Fraction", hex(value.numerator), hex(value.denominator)]
        if kind is decimal.Decimal:
            return ["Decimal", str(value)]
        if kind is range:
            return ["range", *(self.tree(part) for part in (value.start, value.stop, value.step))]
        if isinstance(value, str):
            return str.__str__(value)
        if isinstance(value, int):
            return self.tree(int.__int__(value))
        if isinstance(value, float):
            return float.__float__(value)
        for base in (*MUTABLE.values(), *FIXED.values()):
            if isinstance(value, base) and (kind.__module__ == "collections" or not self.strict):
                return self.tree(base(value), depth)
        if isinstance(value, collections.abc.Iterator):
            return ["iterator", [self.tree(item, depth + 1) for item in bounded(value)]]
        if isinstance(value, collections.abc.KeysView | collections.abc.ValuesView | collections.abc.ItemsView):
            return ["list", self.items(list(value), depth + 1)]
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            fields = {field.name: getattr(value, field.name) for field in dataclasses.fields(value) if field.init}
            return ["dataclass", kind.__module__, kind.__qualname__, self.items(fields, depth + 1)]
        if self.strict:
            raise CarryError(f"a {kind.__name__} cannot be carried to the student's process")
        return ["opaque", kind.__name__, shown(value)]

    def numerical(self, value: Any) -> Any:
        """Return the tree of what belongs to NumPy or PyTorch; ``None`` for anything else."""
        torch, numpy = sys.modules.get("torch"), sys.modules.get("numpy")
        if torch is not None:
            if isinstance(value, torch.Tensor):
                self.objects.append(value)
                return self.tensor(value, torch)
            if isinstance(value, torch.Generator):
                self.objects.append(value)
                return ["generator", self.blob(value.get_state().numpy().tobytes())]
            if isinstance(value, torch.dtype):
                return ["dtype", str(value).removeprefix("torch.")]
        if numpy is not None and isinstance(value, numpy.ndarray | numpy.generic) and value.dtype.kind in "biufc":
            if isinstance(value, numpy.generic):
                return ["scalar", value.dtype.str, self.blob(value.tobytes())]
            self.objects.append(value)
            layout = "F" if value.flags.f_contiguous and not value.flags.c_contiguous else "C"
            return ["array", value.dtype.str, list(value.shape), layout, self.blob(value.tobytes(layout))]
        return None

    def tensor(self, value: Any, torch: Any) -> Any:
        """Return the tree of a tensor: its layout, and the part of its memory that it looks at."""
        if value.device.type != "cpu" or value.layout != torch.strided:
            return ["opaque", "Tensor", f"a tensor on {value.device} with the layout {value.layout}"]
        plain = value.detach()
        if plain.is_conj() or plain.is_neg():
            plain = plain.clone(memory_format=torch.contiguous_format).resolve_conj().resolve_neg()
        memory = plain
        if not plain.is_contiguous():
            span = 1 + sum((size - 1) * stride for size, stride in zip(plain.shape, plain.stride(), strict=True))
            if span > max(2 * plain.numel(), 1000):  # it looks at little of what it spans
                memory = plain = plain.contiguous()
            else:
                memory = plain.as_strided((span,), (1,))
        if memory.dtype == torch.bfloat16:  # NumPy does not have it
            memory = memory.reshape(-1).view(torch.int16)
        dtype = str(value.dtype).removeprefix("torch.")
        layout = [list(plain.shape), list(plain.stride()), value.requires_grad]
        gradient = value.grad if value.is_leaf else None
        gradients = [] if gradient is None else [self.tensor(gradient, torch)]
        return ["tensor", dtype, *layout, self.blob(memory.numpy().tobytes()), *gradients]

    def blob(self, content: bytes) -> int:
        """Keep bytes beside the tree and return their number."""
        number = self.numbers.setdefault(content, len(self.blobs))
        if number == len(self.blobs):
            self.blobs.append(content)
        return number


def bounded(iterator: collections.abc.Iterator) -> list:
    """Take everything from an iterator that ends."""
    items = list(itertools.islice(iterator, MAX_ITEMS + 1))
    if len(items) > MAX_ITEMS:
        raise CarryError(f"an iterator yields more than {MAX_ITEMS} items")
    return items


def shown(value: Any) -> str:
    """Return how a value is printed, cut short; a class that cannot even do this is only named."""
    try:
        return repr(value)[:200]
    except Exception:
        return f"a {type(value).__name__}"
