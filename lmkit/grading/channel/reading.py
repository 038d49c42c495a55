"""From what a message holds to values, and changes of the other side's copies to this side's objects."""

import collections
import collections.abc
import dataclasses
import decimal
import fractions
import importlib
import itertools
import sys
from collections.abc import Sequence
from typing import Any

from lmkit.grading.channel.carrying import FIXED, MAX_BYTES, MAX_DEPTH, MUTABLE, CarryError, Opaque, opaque


class Reader:
    """Turns trees back into values.

    Args:
        blobs: What lies beside the tree.
        resolve: Given a tree that refers to something, returns that thing.
        known: Objects that may be referred to by position.
        replaced: Tensors to use in place of those that are read, by their position among :attr:`objects`.
    """

    def __init__(
        self, blobs: Sequence[bytes], resolve: Any, known: Sequence = (), replaced: dict[int, Any] | None = None
    ) -> None:
        self.blobs, self.resolve, self.known, self.replaced = blobs, resolve, known, replaced or {}
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
            if kind in ("object", "function", "instance"):
                return self.resolve(kind, parts, self, depth)
            value = getattr(self, f"read_{kind}")(*parts)
            if kind in ("tensor", "array", "generator"):
                value = self.replaced.get(len(self.objects), value)
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

    def read_tensor(
        self, dtype: str, shape: list, stride: list, requires_grad: bool, blob: int, gradient: list | None = None
    ) -> Any:
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
        if gradient is not None:
            tensor.grad = self.read_tensor(*gradient[1:])
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
        return flat.reshape(shape, order="F" if layout == "F" else "C")

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
        if new.is_leaf and new.grad is not None:
            old.grad = new.grad
    elif numpy is not None and isinstance(old, numpy.ndarray) and old.shape == new.shape and old.dtype == new.dtype:
        old[...] = new
    else:
        return new
    return old
