"""How long things take, one beside the other."""

import statistics
import time
from collections.abc import Callable

import torch


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
