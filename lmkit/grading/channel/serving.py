"""The channel over a socket, and the loop in which a student's kernel answers calls while a test runs elsewhere."""

import os
import signal
import socket
import struct
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from lmkit.grading.channel.calls import ANSWERS, TESTS, ChannelError, Peer
from lmkit.grading.channel.carrying import MAX_BYTES

REQUEST, REPLY = b"?", b"!"


class Connection:
    """Requests and replies over a stream; each has its kind, its length and its bytes."""

    def __init__(self, stream: socket.socket) -> None:
        self.stream = stream
        self.reader = stream.makefile("rb")

    def send(self, kind: bytes, message: bytes) -> None:
        """Send a request or a reply."""
        self.stream.sendall(kind + struct.pack("<I", len(message)) + message)

    def receive(self) -> tuple[bytes, bytes]:
        """Wait for the next message.

        Returns:
            Its kind, and its bytes.

        Raises:
            ChannelError: If the other side is gone, or sends something else.
        """
        head = self.reader.read(5)
        if len(head) < 5:
            raise ChannelError("the other process is gone")
        (length,) = struct.unpack("<I", head[1:])
        if length > MAX_BYTES or head[:1] not in (REQUEST, REPLY):
            raise ChannelError("the other process sends something that is no message")
        message = self.reader.read(length)
        if len(message) < length:
            raise ChannelError("the other process is gone")
        return head[:1], message

    def exchange(self, peer: Peer, request: bytes) -> bytes:
        """Send a request and wait for its reply, and carry out what is asked for in between."""
        self.send(REQUEST, request)
        while True:
            kind, message = self.receive()
            if kind == REPLY:
                return message
            self.send(REPLY, peer.answer(message))


def connect(stream: socket.socket, side: str, namespace: dict[str, Any] | None = None) -> tuple[Peer, Connection]:
    """Make one end of the channel of a connected socket."""
    connection = Connection(stream)
    peer = Peer(side, lambda request: connection.exchange(peer, request), namespace)
    return peer, connection


@contextmanager
def socket_name(path: Path) -> Iterator[str]:
    """Name a socket so that it can be bound and connected to: its name has at most 107 bytes, its path may have more.

    Args:
        path: Where the socket is or will be.
    """
    if not Path("/proc/self/fd").exists():  # not Linux
        yield str(path)
        return
    folder = os.open(path.parent, os.O_PATH)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)


def serve(path: str, namespace: dict[str, Any]) -> None:
    """Answer calls of the functions in a namespace until the other side has no more.

    Args:
        path: The socket on which the other side listens.
        namespace: What a notebook has defined.
    """
    with connected(path) as stream:
        answer_calls(stream, namespace)


def leave_copy(path: str, namespace: dict[str, Any]) -> None:
    """Leave a copy of this process behind, which answers calls whenever they come, with everything as it is now.

    The copy prints nowhere, and ends without cleaning up what belongs to the kernel.
    """
    ready, not_yet = os.pipe()
    if os.fork() == 0:
        try:
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # it is meant for the kernel
            print_nowhere()
            with suppress(Exception):  # threads are not copied, and who waits for them waits forever
                sys.modules["torch"].set_num_threads(1)
            with connected(path) as stream:
                os.close(not_yet)
                answer_calls(stream, namespace)
        finally:
            os._exit(0)
    os.close(not_yet)
    os.read(ready, 1)  # ends when no process has the other end open any more: the copy has connected, or is gone
    os.close(ready)


def print_nowhere() -> None:
    """Throw away all that this process prints from now on."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for descriptor in (1, 2):
        os.dup2(nowhere, descriptor)
    sys.stdout = sys.stderr = os.fdopen(nowhere, "w", encoding="utf-8")


@contextmanager
def connected(path: str) -> Iterator[socket.socket]:
    """Connect to a socket on which the other side listens."""
    with socket.socket(socket.AF_UNIX) as stream:
        with socket_name(Path(path)) as name:
            stream.connect(name)
        yield stream


def answer_calls(stream: socket.socket, namespace: dict[str, Any]) -> None:
    """Answer calls that come through a socket until the other side has no more."""
    peer, connection = connect(stream, ANSWERS, namespace)
    with suppress(ChannelError, OSError):
        while True:
            _, request = connection.receive()
            connection.send(REPLY, peer.answer(request))


def in_one_process(namespace: dict[str, Any]) -> Peer:
    """Join both ends of the channel without a socket.

    Args:
        namespace: What the tests may call.

    Returns:
        The tests' end.

    Example:
        >>> in_one_process({"add": lambda a, b: a + b}).call(["name", "add"], (1, 2), {})
        3
    """
    ours = Peer(TESTS, lambda request: theirs.answer(request))
    theirs = Peer(ANSWERS, lambda request: ours.answer(request), namespace)
    return ours
