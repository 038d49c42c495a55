"""Keys and values of past positions, kept so that a new token costs the work of one position, not of all of them."""

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor


class LayerCache:
    """Keys and values of one attention layer, in memory that is allocated once and written by slice.

    Args:
        batch_size: Number of rows.
        num_kv_heads: Number of key-value heads.
        max_length: Maximum number of positions.
        d_head: Width of a head.
        device: Where the memory is.
        dtype: Number format of keys and values.

    Example:
        >>> cache = LayerCache(batch_size=1, num_kv_heads=2, max_length=8, d_head=4)
        >>> keys, values = cache.append(torch.zeros(1, 2, 3, 4), torch.zeros(1, 2, 3, 4))
        >>> keys, values = cache.append(torch.ones(1, 2, 1, 4), torch.ones(1, 2, 1, 4))
        >>> keys.shape
        torch.Size([1, 2, 4, 4])
    """

    def __init__(
        self,
        *,
        batch_size: int,
        num_kv_heads: int,
        max_length: int,
        d_head: int,
        device: torch.device | str | None = None,
        dtype: torch.dtype | None = None,
    ) -> None:
        shape = (batch_size, num_kv_heads, max_length, d_head)
        self.keys = torch.zeros(shape, device=device, dtype=dtype)
        self.values = torch.zeros(shape, device=device, dtype=dtype)
        self.length = 0

    def append(
        self, keys: Float[Tensor, "B G T K"], values: Float[Tensor, "B G T K"]
    ) -> tuple[Float[Tensor, "B G S K"], Float[Tensor, "B G S K"]]:
        """Add positions at the end.

        Args:
            keys: Keys of the new positions.
            values: Their values.

        Returns:
            Keys and values of all positions so far: views of the memory, not copies.

        Raises:
            ValueError: If they do not fit.
        """
        start, end = self.length, self.length + keys.shape[2]
        if end > self.keys.shape[2]:
            raise ValueError(f"{end} positions do not fit in a cache with max_length={self.keys.shape[2]}")
        self.keys.narrow(2, start, end - start).copy_(keys)
        self.values.narrow(2, start, end - start).copy_(values)
        self.length = end
        return self.read()

    def read(self) -> tuple[Float[Tensor, "B G S K"], Float[Tensor, "B G S K"]]:
        """Return keys and values of all positions so far."""
        return self.keys.narrow(2, 0, self.length), self.values.narrow(2, 0, self.length)

    def select_rows(self, rows: Int[Tensor, " B"]) -> None:
        """Reorder the rows.

        Args:
            rows: For each new row, the old one to copy.
        """
        filled = slice(self.length)
        self.keys[:, :, filled] = self.keys[rows, :, filled]
        self.values[:, :, filled] = self.values[rows, :, filled]


class KeyValueCache:
    """The caches of a model's layers, and which of the positions in them are padding.

    Args:
        num_layers: Number of attention layers.
        batch_size: Number of rows.
        num_kv_heads: Number of key-value heads.
        max_length: Maximum number of positions.
        d_head: Width of a head.
        device: Where the memory is.
        dtype: Number format of the model. On a CPU, which is slow at products of short rows in half precision, keys and
            values are stored in at least fp32.

    Example:
        >>> cache = KeyValueCache(num_layers=2, batch_size=1, num_kv_heads=2, max_length=8, d_head=4)
        >>> new = torch.ones(1, 2, 3, 4)  # three positions
        >>> for layer in cache.layers:
        ...     _ = layer.append(new, new)
        >>> cache.length
        3
    """

    def __init__(
        self,
        *,
        num_layers: int,
        batch_size: int,
        num_kv_heads: int,
        max_length: int,
        d_head: int,
        device: torch.device | str | None = None,
        dtype: torch.dtype | None = None,
    ) -> None:
        if dtype is not None and torch.device(device or "cpu").type == "cpu":
            dtype = torch.promote_types(dtype, torch.float32)
        self.layers = [
            LayerCache(
                batch_size=batch_size,
                num_kv_heads=num_kv_heads,
                max_length=max_length,
                d_head=d_head,
                device=device,
                dtype=dtype,
            )
            for _ in range(num_layers)
        ]
        self.padding_mask: Tensor | None = None

    @property
    def length(self) -> int:
        """How many positions are filled."""
        return self.layers[0].length

    def extend_padding_mask(
        self, token_ids: Int[Tensor, "B T"], padding_mask: Bool[Tensor, "B T"] | None
    ) -> Bool[Tensor, "B S"] | None:
        """Record which of the tokens about to be read are padding.

        Args:
            token_ids: The new tokens.
            padding_mask: ``True`` at those that are real, or ``None`` if all are.

        Returns:
            The mask of all positions including these, or ``None`` if there was never any padding.
        """
        if padding_mask is None and self.padding_mask is None:
            return None
        new = torch.ones_like(token_ids, dtype=torch.bool) if padding_mask is None else padding_mask
        old = self.padding_mask if self.padding_mask is not None else new.new_ones(len(new), self.length)
        self.padding_mask = torch.cat([old, new], dim=1)
        return self.padding_mask

    def truncate(self, length: int) -> None:
        """Forget all positions from ``length`` on; their memory will be overwritten.

        Args:
            length: How many positions to keep.
        """
        for layer in self.layers:
            layer.length = min(layer.length, length)
        if self.padding_mask is not None:
            self.padding_mask = self.padding_mask[:, :length]

    def select_rows(self, rows: Int[Tensor, " B"]) -> None:
        """Reorder the rows, as beam search does when one beam continues another.

        Args:
            rows: For each new row, the old one to copy.
        """
        for layer in self.layers:
            layer.select_rows(rows)
        if self.padding_mask is not None:
            self.padding_mask = self.padding_mask[rows]
