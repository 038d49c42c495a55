"""Values as bytes: a JSON header and the raw bytes of tensors, which no reader can be made to execute.

A value is a JSON scalar, or a list whose first item says what it is: ``["tuple", [1, 2]]``. What was not foreseen here
arrives as an :class:`Opaque` that knows its class's name and how it is printed, and nothing else.
"""

import collections
import collections.abc
import dataclasses
import decimal
import fractions
import importlib
import itertools
import json
import struct
import sys
from collections.abc import Sequence
from typing import Any

MAX_BYTES = 64 * 2**20
"""Of one message, and of one tensor when it is unfolded."""
MAX_DEPTH = 40
MAX_ITEMS = 10**6
"""Of what an iterator yields."""

MUTABLE = {"list": list, "dict": dict, "set": set, "Counter": collections.Counter, "deque": collections.deque}
FIXED = {"tuple": tuple, "frozenset": frozenset}
NAMES: dict[Any, str] = {kind: name for name, kind in (MUTABLE | FIXED).items()}
LIMIT = 2**63


class CarryError(TypeError):
    """A value cannot be carried, or bytes are no value; the message says why."""


class Opaque:
    """A value that stayed where it was made."""

    shown = "?"

    def __repr__(self) -> str:
        return self.shown


def opaque(name: str, shown: str) -> Opaque:
    """Make the stand-in for a value that cannot be carried.

    Example:
        >>> value = opaque("Match", "<a match>")
        >>> type(value).__name__, value
        ('Match', <a match>)
    """
    value = type(name[:100], (Opaque,), {})()
    value.shown = shown[:200]
    return value


class Writer:
    """Turns values into a tree that JSON can hold, and into blobs.

    Args:
        refer: Asked for what cannot be copied, such as a function: a tree that refers to it, or ``None``.
        known: Objects that the reader has as well, by position; they are referred to.
        blobs: Bytes that the reader has as well.
        strict: Whether what cannot be carried is an error, and not an :class:`Opaque`.

    Attributes:
        objects: What can be changed in what was written, in order; :attr:`Reader.objects` are the copies.
    """

    def __init__(self, refer: Any, known: Sequence = (), blobs: Sequence[bytes] = (), strict: bool = False) -> None:
        self.refer, self.strict = refer, strict
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
        return ["tensor", dtype, *layout, self.blob(memory.numpy().tobytes())]

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


class Reader:
    """Turns trees back into values.

    Args:
        blobs: What lies beside the tree.
        resolve: Given a tree that refers to something, returns that thing.
        known: Objects that may be referred to by position.
    """

    def __init__(self, blobs: Sequence[bytes], resolve: Any, known: Sequence = ()) -> None:
        self.blobs, self.resolve, self.known = blobs, resolve, known
        self.objects: list[Any] = []
        self.trees: list[Any] = []

    def value(self, tree: Any, depth: int = 0) -> Any:
        """Return a tree's value.

        Raises:
            CarryError: If it is no tree.
        """
        if not isinstance(tree, list):
            if tree is None or isinstance(tree, bool | int | float | str):
                return tree
            raise CarryError("a value has an unknown form")
        if depth > MAX_DEPTH:
            raise CarryError(f"a value is nested more than {MAX_DEPTH} deep")
        try:
            kind, *parts = tree
            if kind in MUTABLE:
                return self.mutable(tree, depth + 1)
            if kind in FIXED:
                return FIXED[kind](self.value(item, depth + 1) for item in parts[0])
            if kind in ("object", "function"):
                return self.resolve(kind, parts, self, depth)
            value = getattr(self, f"read_{kind}")(*parts)
            if kind in ("tensor", "array", "generator"):
                self.objects.append(value)
                self.trees.append(tree)
            return value
        except CarryError:
            raise
        except Exception as error:
            raise CarryError(f"{str(tree[:1])[:40]} is no value: {type(error).__name__}") from error

    def mutable(self, tree: list, depth: int) -> Any:
        """Return a container that can be changed."""
        kind, items = tree
        container = MUTABLE[kind]()
        self.objects.append(container)
        self.trees.append(tree)
        values = [self.value(item, depth) for item in items]
        if isinstance(container, dict):
            container.update(dict(zip(values[::2], values[1::2], strict=True)))
        elif isinstance(container, set):
            container.update(values)
        else:
            container.extend(values)
        return container

    def read_known(self, number: int) -> Any:
        """Return an object that both sides have."""
        if number < 0:
            raise CarryError("there is no such object")
        return self.known[number]

    def read_int(self, digits: str) -> int:
        """Return an integer of any size."""
        return int(digits, 16)

    def read_complex(self, real: float, imaginary: float) -> complex:
        """Return a complex number."""
        return complex(real, imaginary)

    def read_Fraction(self, numerator: str, denominator: str) -> fractions.Fraction:  # noqa: D102
        return fractions.Fraction(int(numerator, 16), int(denominator, 16))

    def read_Decimal(self, digits: str) -> decimal.Decimal:  # noqa: D102
        return decimal.Decimal(digits)

    def read_range(self, *parts: Any) -> range:
        """Return a range."""
        return range(*map(self.value, parts))

    def read_bytes(self, blob: int) -> bytes:
        """Return bytes."""
        return self.blobs[blob]

    def read_bytearray(self, blob: int) -> bytearray:
        """Return bytes that can be changed."""
        return bytearray(self.blobs[blob])

    def read_memoryview(self, blob: int) -> memoryview:
        """Return a view of bytes."""
        return memoryview(self.blobs[blob])

    def read_iterator(self, items: list) -> collections.abc.Iterator:
        """Return an iterator over what another has yielded."""
        return iter([self.value(item, 1) for item in items])

    def read_opaque(self, name: str, printed: str) -> Opaque:
        """Return a stand-in for what could not be carried."""
        return opaque(name, printed)

    def read_dataclass(self, module: str, name: str, items: list) -> Any:
        """Return an instance of a dataclass of lmkit, or of one that the notebook's given code defines."""
        if module == "__main__":
            found = getattr(sys.modules["__main__"], name)
        elif module.startswith("lmkit.") and not module.startswith("lmkit.grading"):
            found = getattr(importlib.import_module(module), name)
        else:
            raise CarryError(f"{module}.{name}"[:100] + " is not carried")
        if not (isinstance(found, type) and dataclasses.is_dataclass(found)):
            raise CarryError(f"{module}.{name}"[:100] + " is no dataclass")
        values = [self.value(item, 1) for item in items]
        return found(**dict(zip(values[::2], values[1::2], strict=True)))

    def read_dtype(self, name: str) -> Any:
        """Return one of PyTorch's types of numbers."""
        torch = importlib.import_module("torch")
        dtype = getattr(torch, name)
        if not isinstance(dtype, torch.dtype):
            raise CarryError("there is no such type of numbers")
        return dtype

    def read_tensor(self, dtype: str, shape: list, stride: list, requires_grad: bool, blob: int) -> Any:
        """Return a tensor with memory of its own, laid out as the other is."""
        torch = importlib.import_module("torch")
        number_type = self.read_dtype(dtype)
        count = 1
        for size in shape:
            count *= size
        if count < 0 or count * number_type.itemsize > MAX_BYTES:
            raise CarryError("a tensor is too large")
        content = bytearray(self.blobs[blob]) or bytearray(16)
        memory = torch.frombuffer(content, dtype=torch.uint8 if number_type == torch.bool else number_type)
        if number_type == torch.bool:
            memory = memory != 0  # a byte 2 would be a third truth value
        tensor = memory.as_strided(shape, stride)
        if requires_grad:
            tensor.requires_grad_()
        return tensor

    def read_generator(self, blob: int) -> Any:
        """Return a source of random numbers."""
        torch = importlib.import_module("torch")
        generator = torch.Generator()
        generator.set_state(torch.frombuffer(bytearray(self.blobs[blob]), dtype=torch.uint8))
        return generator

    def read_array(self, dtype: str, shape: list, layout: str, blob: int) -> Any:
        """Return an array with memory of its own."""
        flat = numbers(bytearray(self.blobs[blob]), dtype)
        array = flat.reshape(shape, order="F" if layout == "F" else "C")
        return array

    def read_scalar(self, dtype: str, blob: int) -> Any:
        """Return one of NumPy's scalars."""
        return numbers(self.blobs[blob], dtype)[0]


def numbers(content: bytes | bytearray, dtype: str) -> Any:
    """Return NumPy's array of the numbers that bytes stand for; never one of objects."""
    numpy = importlib.import_module("numpy")
    kind = numpy.dtype(dtype)
    if kind.kind not in "biufc":
        raise CarryError("there is no such type of numbers")
    if kind.kind == "b":
        return numpy.frombuffer(content, numpy.uint8) != 0  # a byte 2 would be a third truth value
    return numpy.frombuffer(content, kind)


def pack(tree: Any, blobs: Sequence[bytes]) -> bytes:
    """Lay out a tree and its blobs as one message.

    Raises:
        CarryError: If the message is too long.

    Example:
        >>> unpack(pack(["bytes", 0], [b"ab"]))
        (['bytes', 0], [b'ab'])
    """
    header = json.dumps([tree, [len(blob) for blob in blobs]]).encode()
    size = len(header) + sum(map(len, blobs))
    if size > MAX_BYTES:
        raise CarryError(f"{size} bytes are more than the {MAX_BYTES} that a call may take")
    return b"".join([struct.pack("<I", len(header)), header, *blobs])


def unpack(message: bytes) -> tuple[Any, list[bytes]]:
    """Read a message that :func:`pack` may have made.

    Raises:
        CarryError: If it did not.
    """
    try:
        (length,) = struct.unpack_from("<I", message)
        tree, sizes = json.loads(message[4 : 4 + length])
        ends = list(itertools.accumulate(sizes, initial=4 + length))
        if ends[-1] != len(message) or min(sizes, default=0) < 0:
            raise CarryError("a message has another length than it says")
        return tree, [message[start:end] for start, end in itertools.pairwise(ends)]
    except CarryError:
        raise
    except (ValueError, TypeError, struct.error, RecursionError) as error:
        raise CarryError(f"a message is not well formed: {type(error).__name__}") from error


def assign(old: Any, new: Any) -> Any:
    """Change an object in place, so that it is as the other side has left its copy.

    Args:
        old: This side's object.
        new: A copy of the other side's.

    Returns:
        ``old`` if it could be changed, otherwise ``new``.

    Example:
        >>> numbers = [1, 2]
        >>> assign(numbers, [1, 2, 3]) is numbers, numbers
        (True, [1, 2, 3])
    """
    torch, numpy = sys.modules.get("torch"), sys.modules.get("numpy")
    if type(old) is not type(new) or old is new:
        return new
    if isinstance(old, tuple):
        return tuple(map(assign, old, new)) if len(old) == len(new) else new
    if isinstance(old, list | collections.deque):
        items = [*map(assign, old, new), *itertools.islice(new, len(old), None)]
        old.clear()
        old.extend(items)
    elif isinstance(old, dict):
        pairs = {key: assign(old[key], value) if key in old else value for key, value in new.items()}
        old.clear()
        old.update(pairs)
    elif isinstance(old, set):
        old.clear()
        old.update(new)
    elif isinstance(old, bytearray):
        old[:] = new
    elif torch is not None and isinstance(old, torch.Generator):
        old.set_state(new.get_state())
    elif torch is not None and isinstance(old, torch.Tensor):
        if old.shape != new.shape or old.dtype != new.dtype:
            old.data = new.detach()
        elif not torch.equal(old, new):
            old.data.copy_(new.detach())
    elif numpy is not None and isinstance(old, numpy.ndarray) and old.shape == new.shape and old.dtype == new.dtype:
        old[...] = new
    else:
        return new
    return old
