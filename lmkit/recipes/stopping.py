"""Stop a training run between two steps, so that nothing is lost."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch

from lmkit.data import Batch, Batches, PrefetchedBatches
from lmkit.training import History, world_size
from lmkit.training.distributed import sum_over_ranks


@dataclass(frozen=True, kw_only=True)
class TrainingRun:
    """A training run that may have been stopped early.

    Args:
        history: What happened so far.
        num_steps: How many steps the run has in all.
        is_stopped: Whether it was asked to stop.

    Example:
        >>> TrainingRun(history=History(loss_nats=[3.0, 2.0]), num_steps=8, is_stopped=True).is_interrupted
        True
    """

    history: History
    num_steps: int
    is_stopped: bool

    @property
    def is_interrupted(self) -> bool:
        """Whether steps are missing because the run was stopped."""
        return self.is_stopped and self.history.num_steps < self.num_steps


class StoppableBatches(Iterator[Batch]):
    """Batches that end when the user presses Ctrl-C, so that training ends with a checkpoint.

    If one rank is interrupted, all ranks stop at the same step. A second Ctrl-C ends the program immediately.

    Args:
        batches: The batches to hand out.
        device: Where ranks exchange whether to stop.

    Example:
        >>> from lmkit.data import next_token_batches
        >>> batches = StoppableBatches(next_token_batches(torch.arange(9), batch_size=1, context_length=2), "cpu")
        >>> next(batches).inputs.tolist()
        [[0, 1]]
        >>> batches.stop()
        >>> list(batches)
        []
    """

    def __init__(self, batches: Batches | PrefetchedBatches, device: torch.device | str) -> None:
        self.batches = batches
        self.device = device
        self.is_stopped = False

    def stop(self) -> None:
        """End before the next batch."""
        self.is_stopped = True

    def __next__(self) -> Batch:
        """Hand out a batch, unless this rank or another one was stopped."""
        if world_size() > 1:
            self.is_stopped = bool(sum_over_ranks(torch.tensor(float(self.is_stopped), device=self.device)))
        if self.is_stopped:
            raise StopIteration
        return next(self.batches)

    @contextmanager
    def stopped_by_signals(self) -> Iterator[None]:
        """Stop at Ctrl-C or SIGTERM for the duration of the block."""
        numbers = (signal.SIGINT, signal.SIGTERM)
        before = {number: signal.getsignal(number) for number in numbers}

        def handle(*_: Any) -> None:
            self.stop()
            for number, handler in before.items():
                signal.signal(number, handler)

        for number in numbers:
            signal.signal(number, handle)
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def state_dict(self) -> dict[str, Any]:
        """Return the position, as :meth:`Batches.state_dict` does."""
        return self.batches.state_dict()

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go to a saved position.

        Args:
            state: What :meth:`state_dict` returned.
        """
        self.batches.load_state_dict(state)
