"""Pairs of sentences: does the second follow the first?"""

from collections.abc import Callable, Sequence
from typing import Unpack

import numpy as np
import torch

from lmkit.data.batches import Batch, Batches, Reading
from lmkit.data.masked import Masking
from lmkit.functional import IGNORE_ID

FOLLOWING, NOT_FOLLOWING = 0, 1  # as in the original code and in transformers
FIRST_SEGMENT, SECOND_SEGMENT = 0, 1

Sentences = Sequence[Sequence[int]]


def sentence_pair_batches(
    documents: Sequence[Sentences],
    *,
    batch_size: int,
    context_length: int,
    cls_id: int,
    sep_id: int,
    pad_id: int,
    generator: torch.Generator,
    negatives: str = "random",
    masking: Masking | None = None,
    shuffle: bool = True,
    **reading: Unpack[Reading],
) -> Batches:
    """Make batches of sentence pairs; half of them are consecutive sentences of a document.

    Every two consecutive sentences of a document are one example: ``[CLS] first [SEP] second [SEP]``, then padding.
    In each epoch, a coin flip decides for each example whether it becomes a negative.

    Args:
        documents: Each a list of sentences, each of them a list of token ids.
        batch_size: Pairs per batch and rank.
        context_length: Tokens per pair with its three special tokens. If a pair is too long, the end of the longer
            sentence is truncated.
        cls_id: The token at the start, whose hidden state represents the pair.
        sep_id: The token after each sentence.
        pad_id: The padding token.
        generator: Source of the seed for the order, the coin flips and the masks.
        negatives: ``"random"`` replaces the second sentence by one of another document: next-sentence prediction.
            ``"swapped"`` exchanges the two: sentence-order prediction.
        masking: If given, some tokens are masked and must be predicted. Its ``special_ids`` should contain the three
            above.
        shuffle: Whether the pairs come in random order.
        reading: ``num_epochs``, ``rank`` and ``world_size``, see :class:`Reading`.

    Returns:
        Batches with ``inputs``; ``targets``, which are ``IGNORE_ID`` throughout without masking; ``segment_ids``, 0 up
        to the first separator and 1 from there up to the second; ``labels``, 0 for sentences that follow each
        other and 1 for others; and an ``attention_mask`` that leaves out the padding.

    Raises:
        ValueError: If there is no pair, no other document to take a sentence from, an empty sentence, too short a
            context, or ``negatives`` is neither of the two.

    Source:
        Next sentence: Devlin et al. (2019), section 3.1. Sentence order: Lan et al. (2020), section 3.1. Both take
        longer segments than sentences.

    Example:
        >>> documents = [[[5, 6], [7], [8, 9]], [[10], [11, 12]]]
        >>> batches = sentence_pair_batches(
        ...     documents,
        ...     batch_size=2,
        ...     context_length=8,
        ...     cls_id=1,
        ...     sep_id=2,
        ...     pad_id=0,
        ...     generator=torch.Generator().manual_seed(0),
        ... )
        >>> next(batches).labels.shape
        torch.Size([2])
    """
    if negatives not in ("random", "swapped"):
        raise ValueError(f"negatives={negatives!r} must be 'random' or 'swapped'")
    if context_length < 5:
        raise ValueError(f"context_length={context_length} must be at least 5: three special tokens and two sentences")
    _check_documents(documents, negatives)
    places = [(number, place) for number, sentences in enumerate(documents) for place in range(len(sentences) - 1)]

    def make_pair(example: int, randomness: np.random.Generator) -> tuple[Sequence[int], Sequence[int], int]:
        number, place = places[example]
        first, second = documents[number][place], documents[number][place + 1]
        if randomness.random() < 0.5:
            return first, second, FOLLOWING
        if negatives == "swapped":
            return second, first, NOT_FOLLOWING
        other = documents[(number + int(randomness.integers(1, len(documents)))) % len(documents)]
        return first, other[int(randomness.integers(len(other)))], NOT_FOLLOWING

    def make_batch(examples: Sequence[int], randomness: Callable[[int], np.random.Generator]) -> Batch:
        rows = []
        for example in examples:
            random = randomness(example)
            first, second, label = make_pair(example, random)
            first, second = truncate_pair(first, second, context_length - 3)
            num_tokens = len(first) + len(second) + 3
            inputs = torch.full((context_length,), pad_id)
            inputs[:num_tokens] = torch.tensor([cls_id, *first, sep_id, *second, sep_id])
            targets = torch.full_like(inputs, IGNORE_ID)
            if masking is not None:
                inputs[:num_tokens], targets[:num_tokens] = masking.apply(inputs[:num_tokens], random)
            segment_ids = torch.full_like(inputs, FIRST_SEGMENT)
            segment_ids[len(first) + 2 : num_tokens] = SECOND_SEGMENT
            is_real = torch.arange(context_length) < num_tokens
            rows.append((inputs, targets, segment_ids, is_real, torch.tensor(label)))
        inputs, targets, segment_ids, is_real, labels = map(torch.stack, zip(*rows, strict=True))
        return Batch(
            inputs=inputs,
            targets=targets,
            segment_ids=segment_ids,
            labels=labels,
            attention_mask=is_real.unsqueeze(1).repeat(1, context_length, 1),
        )

    return Batches(
        make_batch, num_examples=len(places), batch_size=batch_size, generator=generator, shuffle=shuffle, **reading
    )


def truncate_pair(first: Sequence[int], second: Sequence[int], max_tokens: int) -> tuple[Sequence[int], Sequence[int]]:
    """Remove tokens from the end of the longer sequence until both fit.

    Args:
        first: Token ids.
        second: Token ids.
        max_tokens: The maximum length of both together.

    Returns:
        Both, truncated.

    Example:
        >>> truncate_pair([1, 2, 3, 4], [5, 6], max_tokens=4)
        ([1, 2], [5, 6])
    """
    excess = max(len(first) + len(second) - max_tokens, 0)
    gap = len(first) - len(second)
    level = min(excess, abs(gap))  # first make them equally long, then truncate both in turn
    rest = excess - level
    cut_first = (level if gap > 0 else 0) + (rest + 1) // 2
    cut_second = (level if gap < 0 else 0) + rest // 2
    return first[: len(first) - cut_first], second[: len(second) - cut_second]


def _check_documents(documents: Sequence[Sentences], negatives: str) -> None:
    for number, sentences in enumerate(documents):
        if any(len(sentence) == 0 for sentence in sentences):
            raise ValueError(f"documents[{number}] has an empty sentence")
        if not sentences and negatives == "random":
            raise ValueError(f"documents[{number}] has no sentence to take as a negative one")
    if not any(len(sentences) > 1 for sentences in documents):
        raise ValueError("no document has two sentences: there is no pair")
    if negatives == "random" and len(documents) < 2:
        raise ValueError("negatives='random' takes sentences of other documents, and there is only one document")
