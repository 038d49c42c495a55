"""Permutation language modelling: predict tokens in random order, each from those that come before it in that order."""

from collections.abc import Callable, Sequence
from typing import Unpack

import numpy as np
import torch

from lmkit.data.batches import Batch, Batches, Reading
from lmkit.data.corpus.token_shards import TokenStream
from lmkit.data.windows import count_windows, take_windows
from lmkit.functional import IGNORE_ID
from lmkit.nn import permutation_masks


def permuted_batches(
    token_stream: TokenStream,
    *,
    batch_size: int,
    context_length: int,
    generator: torch.Generator,
    predicted_share: float = 1 / 6,
    shuffle: bool = True,
    **reading: Unpack[Reading],
) -> Batches:
    """Split a token stream into windows, each with a random order in which its tokens are predicted.

    The tokens keep their positions, and so do the targets: position T predicts its own token. Only the masks depend on
    the order. Two-stream attention needs two of them, see :func:`lmkit.nn.permutation_masks`.

    Args:
        token_stream: Token ids, in memory, memory-mapped, or in a folder of shards.
        batch_size: Windows per batch and rank.
        context_length: Tokens per window. A remainder at the end of the stream is not used.
        generator: Source of the seed for all orders.
        predicted_share: The share of tokens that are scored, rounded, but at least one: the last ones in the order,
            because the first ones have little context.
        shuffle: Whether the windows come in random order.
        reading: ``num_epochs``, ``rank`` and ``world_size``, see :class:`Reading`.

    Returns:
        Batches with ``inputs``, ``targets``, ``attention_mask`` for the content stream and ``query_mask`` for the
        query stream.

    Raises:
        ValueError: If the stream is shorter than one window, or the share is out of range.

    Source:
        Yang et al. (2019), sections 2.2 and 2.3; their default is to predict one token in six.

    Example:
        >>> batches = permuted_batches(torch.arange(12), batch_size=2, context_length=6, generator=torch.Generator())
        >>> (next(batches).targets >= 0).sum(dim=-1).tolist()
        [1, 1]
    """
    if not 0 < predicted_share <= 1:
        raise ValueError(f"predicted_share={predicted_share} must be greater than 0 and at most 1")
    num_windows = count_windows(token_stream, context_length)
    num_predicted = max(1, round(predicted_share * context_length))

    def make_batch(examples: Sequence[int], randomness: Callable[[int], np.random.Generator]) -> Batch:
        inputs = take_windows(token_stream, [example * context_length for example in examples], context_length)
        rank_in_order = torch.stack(
            [torch.from_numpy(randomness(example).permutation(context_length)) for example in examples]
        )
        content_mask, query_mask = permutation_masks(rank_in_order.argsort(dim=-1))
        return Batch(
            inputs=inputs,
            targets=torch.where(rank_in_order >= context_length - num_predicted, inputs, IGNORE_ID),
            attention_mask=content_mask,
            query_mask=query_mask,
        )

    return Batches(
        make_batch, num_examples=num_windows, batch_size=batch_size, generator=generator, shuffle=shuffle, **reading
    )
