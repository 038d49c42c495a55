"""Stop a run of training between two steps, so that nothing is lost."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch

from lmkit.data import Batch, Batches, PrefetchedBatches
from lmkit.training import world_size
from lmkit.training.distributed import sum_over_ranks


class StoppableBatches(Iterator[Batch]):
    """Batches that end when the user presses Ctrl-C, so that training ends with a checkpoint.

    Several ranks end together, whichever of them was interrupted. A second Ctrl-C ends the program at once.

    Args:
        batches: Where they come from.
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
        """Stop at Ctrl-C or a request to terminate, for as long as the block lasts."""
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
