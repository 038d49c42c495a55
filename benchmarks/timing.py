"""How long things take, one beside the other."""

import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import torch

STATISTICS = Path("/proc/stat")


def medians(*runs: Callable[[], object], rounds: int, warm_up: int = 1) -> list[float]:
    """Do everything in turn, so that what slows the machine down slows all.

    Args:
        runs: What is to be timed.
        rounds: How many turns are timed.
        warm_up: How many come before and are not.

    Returns:
        Median seconds of each.
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
    return [statistics.median(times) for times in seconds]


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
