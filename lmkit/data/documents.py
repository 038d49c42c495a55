"""Whole documents, one in each row; those of similar length share a batch."""

from collections.abc import Callable, Iterator, Sequence
from typing import Unpack

import numpy as np
import torch

from lmkit.data.batches import Batch, Batches, Reading
from lmkit.data.seq2seq import pad
from lmkit.functional import IGNORE_ID


def document_batches(
    documents: Sequence[Sequence[int]],
    *,
    tokens_per_batch: int,
    end_of_text_id: int,
    generator: torch.Generator | None = None,
    **reading: Unpack[Reading],
) -> Batches:
    """Put each document in a row of its own, so that it is read from its beginning and attends to no other.

    A row reads ``[end] x1 ... xn`` and is to predict ``x1 ... xn [end]``. Documents are sorted by length and grouped,
    so that little is padding; a group has as many rows as fit into ``tokens_per_batch``.

    Args:
        documents: Token ids of each document, without end-of-text tokens.
        tokens_per_batch: The largest number of positions in a batch, padding included.
        end_of_text_id: The token before and after each document.
        generator: Reshuffles the groups in each epoch. ``None`` takes them in order, the shortest documents first.
        reading: ``num_epochs``, ``rank`` and ``world_size``, see :class:`Reading`.

    Returns:
        Batches with ``inputs`` and ``targets``, which are ``IGNORE_ID`` at padding.

    Raises:
        ValueError: If there are no documents, or one is longer than ``tokens_per_batch``; the message names it.

    Example:
        >>> batches = document_batches([[3, 1, 4], [5], [9]], tokens_per_batch=4, end_of_text_id=0)
        >>> [batch.inputs.tolist() for batch in batches]
        [[[0, 5], [0, 9]], [[0, 3, 1, 4]]]
    """
    for number, document in enumerate(documents):
        if len(document) + 1 > tokens_per_batch:
            raise ValueError(
                f"documents[{number}] has {len(document)} tokens: with the end-of-text token, these are more than "
                f"tokens_per_batch={tokens_per_batch}"
            )
    groups = list(_groups([len(document) + 1 for document in documents], tokens_per_batch))

    def make_batch(examples: Sequence[int], randomness: Callable[[int], np.random.Generator]) -> Batch:
        rows = [documents[row] for example in examples for row in groups[example]]
        return Batch(
            inputs=pad([[end_of_text_id, *row] for row in rows], end_of_text_id),
            targets=pad([[*row, end_of_text_id] for row in rows], IGNORE_ID),
        )

    return Batches(
        make_batch,
        num_examples=len(groups),
        batch_size=1,
        generator=generator,
        shuffle=generator is not None,
        **reading,
    )


def _groups(lengths: Sequence[int], tokens_per_batch: int) -> Iterator[list[int]]:
    """Indices of rows, in groups of at most so many positions, each as wide as its longest row."""
    group: list[int] = []
    for row in sorted(range(len(lengths)), key=lengths.__getitem__):
        if (len(group) + 1) * lengths[row] > tokens_per_batch:
            yield group
            group = []
        group.append(row)
    if group:
        yield group
