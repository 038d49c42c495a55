"""Whether two values are the same, and whether one is the other's memory."""

import collections
import collections.abc
import math
import sys
from typing import Any


def same(first: Any, second: Any, tolerance: float = 0.0) -> bool:
    """Say whether two values hold the same.

    Args:
        first: A value that the channel can carry.
        second: Another one.
        tolerance: By how much numbers may differ that are not integers, as a share of the largest of them; with a
            tolerance, the type of numbers does not count, nor whether they require gradients.

    Returns:
        ``True`` also for two sources of random numbers and for two functions, of which nobody can say.

    Example:
        >>> same({"a": [1, 0.5]}, {"a": [1, 0.5]}), same([1, 2], [2, 1]), same([0.5], [0.5000001], tolerance=1e-4)
        (True, False, True)
    """
    torch, numpy = sys.modules.get("torch"), sys.modules.get("numpy")
    if torch is not None and (isinstance(first, torch.Tensor) or isinstance(second, torch.Tensor)):
        return same_tensors(torch, first, second, tolerance)
    if numpy is not None and isinstance(first, numpy.ndarray) and isinstance(second, numpy.ndarray):
        if tolerance == 0 and first.dtype != second.dtype:
            return False
        return first.shape == second.shape and same(first.tolist(), second.tolist(), tolerance)
    if isinstance(first, float | complex) and tolerance > 0 and isinstance(second, int | float | complex):
        return same_numbers(first, second, tolerance)
    if isinstance(first, dict) and isinstance(second, dict):
        return first.keys() == second.keys() and all(same(first[key], second[key], tolerance) for key in first)
    if isinstance(first, list | tuple | collections.deque):
        items = type(first) is type(second) and len(first) == len(second)
        return items and all(same(a, b, tolerance) for a, b in zip(first, second, strict=True))
    if isinstance(first, float) and isinstance(second, float):
        return first == second or (first != first and second != second)
    if type(first) is not type(second):
        return False
    plain = isinstance(first, str | bytes | bytearray | int | complex | set | frozenset | range)
    return bool(first == second) if plain else True


def same_numbers(first: Any, second: Any, tolerance: float) -> bool:
    """Say whether two numbers are close, or both no number."""
    if first != first or second != second:
        return first != first and second != second
    return first == second or abs(first - second) <= tolerance * max(abs(first), abs(second)) < math.inf


def same_tensors(torch: Any, first: Any, second: Any, tolerance: float) -> bool:
    """Say whether two tensors have the same shape and hold the same; infinities and nan where the other has them."""
    if not (isinstance(first, torch.Tensor) and isinstance(second, torch.Tensor)) or first.shape != second.shape:
        return False
    exact = tolerance == 0
    if exact and (first.dtype != second.dtype or first.requires_grad != second.requires_grad):
        return False
    first, second = first.detach(), second.detach()
    if not (first.is_floating_point() or first.is_complex()):
        return bool(torch.equal(first, second))
    wide = torch.complex128 if first.is_complex() else torch.float64
    first, second = first.to(wide), second.to(wide)
    finite = first.isfinite()
    largest = float(first[finite].abs().max()) if finite.any() else 0.0
    return bool(torch.allclose(first, second, rtol=0, atol=tolerance * largest, equal_nan=True))


def share_memory(result: Any, argument: Any) -> bool:
    """Say whether a result, or an item of a tuple of results, is an argument or a view of its memory.

    Args:
        result: What a function returned.
        argument: A list, tensor or another argument that can be changed.

    Example:
        >>> tokens = [1, 2]
        >>> share_memory(tokens, tokens), share_memory(tokens[:], tokens)
        (True, False)
    """
    torch, numpy = sys.modules.get("torch"), sys.modules.get("numpy")
    if isinstance(result, tuple):
        return any(share_memory(item, argument) for item in result)
    if result is argument:
        return True
    if torch is not None and isinstance(result, torch.Tensor) and isinstance(argument, torch.Tensor):
        if result.layout != torch.strided or result.device.type != "cpu" or argument.numel() == 0:
            return False
        return bool(result.untyped_storage().data_ptr() == argument.untyped_storage().data_ptr())
    if numpy is not None and isinstance(result, numpy.ndarray) and isinstance(argument, numpy.ndarray):
        return bool(numpy.may_share_memory(result, argument))
    return False
