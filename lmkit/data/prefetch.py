"""Have the next batch on the GPU before the model asks for it."""

from collections.abc import Iterator
from typing import Any

import torch

from lmkit.data.batches import Batch, Batches


class PrefetchedBatches(Iterator[Batch]):
    """Batches that are copied to a device one batch ahead.

    The saved position is that of the batches returned so far: the batch waiting on the device does not count as seen.

    Args:
        batches: The batches to copy.
        device: The device to copy to. On the way to a GPU, batches go through page-locked memory, so that the copy
            does not block the program.

    Example:
        >>> from lmkit.data import next_token_batches
        >>> batches = PrefetchedBatches(next_token_batches(torch.arange(50), batch_size=2, context_length=8), "cpu")
        >>> next(batches).inputs.shape
        torch.Size([2, 8])
    """

    def __init__(self, batches: Batches, device: torch.device | str) -> None:
        self.batches = batches
        self.device = torch.device(device)
        self._ahead: Batch | None = None
        self._position = batches.state_dict()

    def __next__(self) -> Batch:
        """Return a batch, and start copying the next one."""
        batch = self._ahead or self._copy(next(self.batches))
        self._position = self.batches.state_dict()
        following = next(self.batches, None)
        self._ahead = None if following is None else self._copy(following)
        return batch

    def __len__(self) -> int:
        """Return the number of batches in an epoch."""
        return len(self.batches)

    def _copy(self, batch: Batch) -> Batch:
        if self.device.type == "cuda":
            batch = batch.pin_memory()
        return batch.to(self.device, non_blocking=True)

    def state_dict(self) -> dict[str, Any]:
        """Return the position, as :meth:`Batches.state_dict` does."""
        return self._position

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go to a saved position.

        Args:
            state: What :meth:`state_dict` returned, here or on the batches themselves.
        """
        self.batches.load_state_dict(state)
        self._ahead, self._position = None, self.batches.state_dict()


def prefetch(batches: Batches, device: torch.device | str) -> Batches | PrefetchedBatches:
    """Copy batches to a device ahead of time if this saves time.

    Args:
        batches: Batches on the CPU.
        device: Where the model is.

    Returns:
        Batches on that device; for the CPU, the batches themselves.

    Example:
        >>> from lmkit.data import next_token_batches
        >>> batches = next_token_batches(torch.arange(50), batch_size=2, context_length=8)
        >>> prefetch(batches, "cpu") is batches  # nothing to gain
        True
    """
    return batches if torch.device(device).type == "cpu" else PrefetchedBatches(batches, device)
