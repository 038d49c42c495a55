"""How long things take, one beside the other."""

import multiprocessing
import os
import statistics
import time
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from pathlib import Path

import torch

STATISTICS = Path("/proc/stat")


WIDEST_SPREAD = 0.25
"""Of the middle half of the turns' ratios, relative to their median."""


def medians(*runs: Callable[[], object], rounds: int, warm_up: int = 1) -> list[float]:
    """Median seconds of each of some runs that take turns, as in :func:`turns`."""
    return [statistics.median(seconds) for seconds in turns(*runs, rounds=rounds, warm_up=warm_up)]


def turns(*runs: Callable[[], object], rounds: int, warm_up: int = 1) -> list[list[float]]:
    """Do everything in turn, so that what slows the machine down slows all.

    Args:
        runs: What is to be timed.
        rounds: How many turns are timed.
        warm_up: How many come before and are not.

    Returns:
        Seconds of each run, turn by turn.
    """
    seconds: list[list[float]] = [[] for _ in runs]
    for turn in range(warm_up + rounds):
        for run, times in zip(runs, seconds, strict=True):
            _wait()
            start = time.perf_counter()
            run()
            _wait()
            if turn >= warm_up:
                times.append(time.perf_counter() - start)
    return seconds


class OwnProcess:
    """Something to be timed, in a process of its own: what one contender does with memory does not touch another.

    Args:
        make: A function of a module. Called in the new process, it returns what is to be timed.
        arguments: What ``make`` is called with.

    Raises:
        RuntimeError: When called, if the process has ended.
    """

    def __init__(self, make: Callable[..., Callable[[], object]], *arguments: object) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, make, arguments), daemon=True)
        self._process.start()
        theirs.close()

    def __call__(self) -> None:
        """Do it once."""
        try:
            self._pipe.send(None)
            self._pipe.recv()
        except (EOFError, BrokenPipeError):
            raise RuntimeError("a contender's process has ended; its own error is above") from None

    def end(self) -> None:
        """End the process."""
        self._pipe.close()
        self._process.join()


def _serve(pipe: Connection, make: Callable[..., Callable[[], object]], arguments: Sequence[object]) -> None:
    run = make(*arguments)
    while True:
        try:
            pipe.recv()
        except EOFError:
            return
        run()
        _wait()
        pipe.send(None)


def times_as_fast(ours: Sequence[float], theirs: Sequence[float]) -> tuple[str, str]:
    """How many times as fast we are: of the medians, and in the middle half of the turns.

    Args:
        ours: Seconds, turn by turn.
        theirs: Those of a peer in the same turns.

    Returns:
        Two cells of a table, such as "1.21" and "1.18 to 1.25". With one turn there is no spread, and the second is
        empty.
    """
    ratio = statistics.median(theirs) / statistics.median(ours)
    if len(ours) == 1:
        return f"{ratio:.2f}", ""
    low, _, high = _quartiles(ours, theirs)
    return f"{ratio:.2f}", f"{low:.2f} to {high:.2f}"


def require_steady(ours: Sequence[float], theirs: Sequence[float]) -> None:
    """Stop the program if its own turns differ too much; to be called before it writes rows.

    Args:
        ours: Seconds, turn by turn.
        theirs: Those of a peer in the same turns.

    Raises:
        SystemExit: If the middle half of the ratios is wider than ``WIDEST_SPREAD`` of their median.
    """
    if len(ours) > 1:
        low, middle, high = _quartiles(ours, theirs)
        if high - low > WIDEST_SPREAD * middle:
            raise SystemExit(f"the turns differ too much ({low:.2f} to {high:.2f} times as fast): nothing is written")


def _quartiles(ours: Sequence[float], theirs: Sequence[float]) -> list[float]:
    ratios = [peer / own for own, peer in zip(ours, theirs, strict=True)]
    return statistics.quantiles(ratios, n=4, method="inclusive")


def _wait() -> None:
    """Let a GPU finish what it was given."""
    if torch.cuda.is_available():
        torch.cuda.synchronize()


def require_quiet_machine(seconds: float = 2.0) -> None:
    """Stop the program while others compute; to be called before a program that writes rows begins.

    Args:
        seconds: How long to look at the processors, on Linux. Elsewhere, nothing is checked.

    Raises:
        SystemExit: If other programs use more than a tenth of one processor.
    """
    if not STATISTICS.exists():
        return
    before = _busy_seconds()
    time.sleep(seconds)
    busy = (_busy_seconds() - before) / seconds
    if busy > 0.1:
        raise SystemExit(f"other programs use {busy:.1f} processors: rows are written on a quiet machine only")


def _busy_seconds() -> float:
    """Seconds that all processors together have worked since the machine started."""
    user, nice, system = map(int, STATISTICS.read_text(encoding="ascii").split()[1:4])
    return (user + nice + system) / os.sysconf("SC_CLK_TCK")
