"""Values as bytes: a JSON header and the raw bytes of tensors, which no reader can be made to execute.

A value is a JSON scalar, or a list whose first item says what it is: ``["tuple", [1, 2]]``. What was not foreseen here
arrives as an :class:`Opaque` that knows its class's name and how it is printed, and nothing else.
"""

import collections
import itertools
import json
import struct
from collections.abc import Sequence
from typing import Any

MAX_BYTES = 64 * 2**20
"""Of one message, and of one tensor when it is unfolded."""
MAX_DEPTH = 40

MUTABLE = {"list": list, "dict": dict, "set": set, "Counter": collections.Counter, "deque": collections.deque}
FIXED = {"tuple": tuple, "frozenset": frozenset}


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
