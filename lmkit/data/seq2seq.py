"""Sequence to sequence: read a source, predict its target token by token."""

from collections.abc import Callable, Sequence
from typing import Unpack

import numpy as np
import torch
from jaxtyping import Int
from torch import Tensor

from lmkit.data.batches import Batch, Batches, Reading
from lmkit.functional import IGNORE_ID


def seq2seq_batches(
    pairs: Sequence[tuple[Sequence[int], Sequence[int]]],
    *,
    batch_size: int,
    start_id: int,
    end_id: int,
    pad_id: int,
    generator: torch.Generator | None = None,
    **reading: Unpack[Reading],
) -> Batches:
    """Make batches of sources with their targets, padded to the longest of the batch.

    The decoder reads ``[start] y1 ... yn`` and is to predict ``y1 ... yn [end]``.

    Args:
        pairs: Token ids of each source and its target, without special tokens at the ends.
        batch_size: Pairs per batch and rank.
        start_id: The token that the decoder reads first.
        end_id: The token to predict after the last one of the target.
        pad_id: The token that fills shorter sources and decoder inputs.
        generator: Reshuffles the pairs in each epoch. ``None`` takes them in order.
        reading: ``num_epochs``, ``rank`` and ``world_size``, see :class:`Reading`.

    Returns:
        Batches with ``source_ids`` and ``source_mask`` for the encoder, ``inputs`` for the decoder and ``targets``,
        which are ``IGNORE_ID`` at padding.

    Raises:
        ValueError: If there are no pairs, or a source is empty.

    Source:
        Teacher forcing: Williams and Zipser (1989); for this use, Sutskever, Vinyals and Le (2014), section 2.

    Example:
        >>> pairs = [([5, 6], [7]), ([8], [9, 7])]
        >>> batch = next(seq2seq_batches(pairs, batch_size=2, start_id=1, end_id=2, pad_id=0))
        >>> batch.source_ids.tolist(), batch.inputs.tolist(), batch.targets.tolist()
        ([[5, 6], [8, 0]], [[1, 7, 0], [1, 9, 7]], [[7, 2, -100], [9, 7, 2]])
    """
    for number, (source, _) in enumerate(pairs):
        if len(source) == 0:
            raise ValueError(f"pairs[{number}] has an empty source: there is nothing to attend to")

    def make_batch(examples: Sequence[int], randomness: Callable[[int], np.random.Generator]) -> Batch:
        sources, targets = zip(*(pairs[example] for example in examples), strict=True)
        source_ids = pad([list(source) for source in sources], pad_id)
        lengths = torch.tensor([len(source) for source in sources])
        return Batch(
            inputs=pad([[start_id, *target] for target in targets], pad_id),
            targets=pad([[*target, end_id] for target in targets], IGNORE_ID),
            source_ids=source_ids,
            source_mask=torch.arange(source_ids.shape[1]) < lengths.unsqueeze(-1),
        )

    return Batches(
        make_batch,
        num_examples=len(pairs),
        batch_size=batch_size,
        generator=generator,
        shuffle=generator is not None,
        **reading,
    )


def pad(rows: Sequence[Sequence[int]], value: int) -> Int[Tensor, "B T"]:
    """Pad rows on the right to the length of the longest.

    Args:
        rows: Token ids of each row.
        value: The padding value.

    Returns:
        One tensor.

    Example:
        >>> pad([[1], [2, 3]], value=0).tolist()
        [[1, 0], [2, 3]]
    """
    length = max(len(row) for row in rows)
    return torch.tensor([[*row, *[value] * (length - len(row))] for row in rows], dtype=torch.int64)
