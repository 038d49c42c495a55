"""A cache for compiled decoding: nothing about its shapes changes from token to token."""

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from lmkit.nn.cache import KeyValueCache, LayerCache


class FixedShapeLayerCache(LayerCache):
    """A layer's cache that always returns all of its positions, so that no shape depends on how many are filled.

    Args:
        cache: The cache whose memory it continues to use.
        position: The position of the next token, a number on the device.
    """

    def __init__(self, cache: LayerCache, position: Int[Tensor, " 1"]) -> None:
        self.keys, self.values, self.position = cache.keys, cache.values, position

    @property
    def length(self) -> int:  # type: ignore[override]
        """All positions, written or not."""
        return self.keys.shape[2]

    def append(
        self, keys: Float[Tensor, "B G 1 K"], values: Float[Tensor, "B G 1 K"]
    ) -> tuple[Float[Tensor, "B G S K"], Float[Tensor, "B G S K"]]:
        """Write the next position.

        Args:
            keys: Its key.
            values: Its value.

        Returns:
            The whole memory; what is not written yet must be masked.
        """
        self.keys.index_copy_(2, self.position, keys.to(self.keys.dtype))
        self.values.index_copy_(2, self.position, values.to(self.values.dtype))
        return self.keys, self.values


class FixedShapeCache(KeyValueCache):
    """What a compiled step reads and writes: the same memory and the same shapes at every step.

    The position is a number on the device, and the mask says which positions are written. One program, or one CUDA
    graph, can therefore run all steps.

    Args:
        cache: A cache whose memory it shares.

    Example:
        >>> cache = KeyValueCache(num_layers=1, batch_size=1, num_kv_heads=2, max_length=8, d_head=4)
        >>> fixed = FixedShapeCache(cache)
        >>> new = torch.ones(1, 2, 1, 4)  # one position
        >>> keys, values = fixed.layers[0].append(new, new)
        >>> keys.shape  # always all positions
        torch.Size([1, 2, 8, 4])
    """

    def __init__(self, cache: KeyValueCache) -> None:
        memory = cache.layers[0].keys
        self.position = torch.zeros(1, dtype=torch.long, device=memory.device)
        self.layers = [FixedShapeLayerCache(layer, self.position) for layer in cache.layers]
        self.padding_mask = torch.zeros(memory.shape[0], memory.shape[2], dtype=torch.bool, device=memory.device)
        self.follow(cache)

    @property
    def length(self) -> int:
        """How many positions a new token can look back on, written or masked."""
        return self.layers[0].length - 1

    def extend_padding_mask(
        self, token_ids: Int[Tensor, "B 1"], padding_mask: Bool[Tensor, "B 1"] | None
    ) -> Bool[Tensor, "B S"]:
        """Mark the next position as written.

        Args:
            token_ids: The new token of each row.
            padding_mask: Not used: only real tokens are written after the prompt.

        Returns:
            ``True`` at all positions that are real and written.
        """
        assert self.padding_mask is not None
        self.padding_mask.index_fill_(1, self.position, True)
        return self.padding_mask

    def follow(self, cache: KeyValueCache) -> None:
        """Move to the position of a cache with the same memory, after a prompt was read into it.

        Args:
            cache: The cache that it was made from.
        """
        assert self.padding_mask is not None
        self.position.fill_(cache.length)
        self.padding_mask.zero_()
        self.padding_mask[:, : cache.length] = True if cache.padding_mask is None else cache.padding_mask

    def advance(self) -> None:
        """Advance to the next position."""
        self.position += 1
