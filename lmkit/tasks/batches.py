"""Batches of labelled examples, one function for each kind of task; each pads to the longest row of its batch."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Unpack

import numpy as np
import torch
from torch import Tensor

from lmkit.data.batches import Batch, Batches, Reading
from lmkit.data.sentence_pairs import SECOND_SEGMENT
from lmkit.data.seq2seq import pad
from lmkit.functional import IGNORE_ID
from lmkit.tasks.examples import AnsweredQuestion, LabelledPair, LabelledText, TaggedText
from lmkit.tasks.rows import InputFormat, Row
from lmkit.tasks.tagging import bio_tags, first_tokens, tags_of_words, word_spans


def classification_batches(
    examples: Sequence[LabelledText | LabelledPair],
    labels: Sequence[str],
    input_format: InputFormat,
    *,
    batch_size: int,
    generator: torch.Generator | None = None,
    **reading: Unpack[Reading],
) -> Batches:
    """Make batches of texts, or pairs of texts, with their classes.

    Args:
        examples: The texts.
        labels: The classes, in the order of their numbers.
        input_format: How texts become rows.
        batch_size: Examples per batch and rank.
        generator: Shuffles the examples, anew in each epoch. ``None`` takes them in order.
        reading: How often and by whom: ``num_epochs``, ``rank`` and ``world_size``, see :class:`~lmkit.data.Reading`.

    Returns:
        Batches whose ``labels`` are the numbers of the classes.

    Raises:
        ValueError: If there are no examples, or one has another label.

    Example:
        >>> from lmkit.models import load_tokenizer
        >>> from lmkit.tasks import standard_format
        >>> input_format = standard_format(load_tokenizer("storyworld-bert"), context_length=32)
        >>> examples = [LabelledText(text="Anna was happy.", label="good")]
        >>> next(classification_batches(examples, ["bad", "good"], input_format, batch_size=1)).labels
        tensor([1])
    """
    numbers = {label: number for number, label in enumerate(labels)}
    for i, example in enumerate(examples):
        if example.label not in numbers:
            raise ValueError(f"examples[{i}] has label={example.label!r}, which is none of {list(labels)}")
    return _row_batches(
        [input_format.row(*_texts(example)) for example in examples],
        _labels(torch.tensor([numbers[str(example.label)] for example in examples])),
        input_format,
        batch_size=batch_size,
        generator=generator,
        **reading,
    )


def regression_batches(
    examples: Sequence[LabelledPair],
    input_format: InputFormat,
    *,
    batch_size: int,
    generator: torch.Generator | None = None,
    **reading: Unpack[Reading],
) -> Batches:
    """Make batches of pairs of texts with a number each.

    Args:
        examples: Pairs whose labels are numbers.
        input_format: How texts become rows.
        batch_size: Pairs per batch and rank.
        generator: Shuffles the pairs, anew in each epoch. ``None`` takes them in order.
        reading: How often and by whom, see :class:`~lmkit.data.Reading`.

    Returns:
        Batches whose ``labels`` are the numbers.

    Raises:
        ValueError: If there are no examples, or one has a label that is not a number.

    Example:
        >>> from lmkit.models import load_tokenizer
        >>> from lmkit.tasks import standard_format
        >>> input_format = standard_format(load_tokenizer("storyworld-bert"), context_length=32)
        >>> pair = LabelledPair(first="Anna slept.", second="Tom slept.", label=0.5)
        >>> next(regression_batches([pair], input_format, batch_size=1)).labels
        tensor([0.5000])
    """
    for i, example in enumerate(examples):
        if isinstance(example.label, str):
            raise ValueError(f"examples[{i}] has label={example.label!r}, which is not a number")
    return _row_batches(
        [input_format.row(example.first, example.second) for example in examples],
        _labels(torch.tensor([float(example.label) for example in examples])),
        input_format,
        batch_size=batch_size,
        generator=generator,
        **reading,
    )


def tagging_batches(
    examples: Sequence[TaggedText],
    labels: Sequence[str],
    input_format: InputFormat,
    *,
    batch_size: int,
    generator: torch.Generator | None = None,
    **reading: Unpack[Reading],
) -> Batches:
    """Make batches of texts in which the first token of each word is to be tagged.

    Args:
        examples: Texts with marked pieces.
        labels: What pieces can be.
        input_format: How texts become rows. Words that are cut off are not tagged.
        batch_size: Texts per batch and rank.
        generator: Shuffles the texts, anew in each epoch. ``None`` takes them in order.
        reading: How often and by whom, see :class:`~lmkit.data.Reading`.

    Returns:
        Batches whose ``targets`` are the numbers of :func:`~lmkit.tasks.tagging.bio_tags` at the first token of
        each word and ``IGNORE_ID`` elsewhere.

    Raises:
        ValueError: If there are no examples, or a piece has another label.

    Source:
        Devlin et al. (2019), section 5.3: the first piece of a word stands for the word.

    Example:
        >>> from lmkit.models import load_tokenizer
        >>> from lmkit.tasks import standard_format
        >>> input_format = standard_format(load_tokenizer("storyworld-bert"), context_length=32)
        >>> from lmkit.tasks import LabelledSpan
        >>> examples = [TaggedText(text="Anna met Tom.", spans=(LabelledSpan(0, 4, "PERSON"),))]
        >>> next(tagging_batches(examples, ["PERSON"], input_format, batch_size=1)).targets
        tensor([[-100,    1,    0,    0,    0, -100]])
    """
    numbers = {tag: number for number, tag in enumerate(bio_tags(labels))}
    rows, targets = [], []
    for i, example in enumerate(examples):
        for span in example.spans:
            if span.label not in labels:
                raise ValueError(f"examples[{i}] has a span with label={span.label!r}, which is none of {list(labels)}")
        row = input_format.row(example.text)
        words = word_spans(example.text)
        row_targets = [IGNORE_ID] * len(row.token_ids)
        tags = tags_of_words(words, example.spans)
        for tag, token in zip(tags, first_tokens(words, row.offsets), strict=True):
            if token is not None and row_targets[token] == IGNORE_ID:  # of several words in a token, the first counts
                row_targets[token] = numbers[tag]
        rows.append(row)
        targets.append(row_targets)

    def add_targets(batch: Batch, chosen: Sequence[int]) -> Batch:
        return replace(batch, targets=pad([targets[i] for i in chosen], IGNORE_ID))

    return _row_batches(rows, add_targets, input_format, batch_size=batch_size, generator=generator, **reading)


def answer_span_batches(
    examples: Sequence[AnsweredQuestion],
    input_format: InputFormat,
    *,
    batch_size: int,
    generator: torch.Generator | None = None,
    **reading: Unpack[Reading],
) -> Batches:
    """Make batches of questions, each followed by the text that contains its answer.

    Args:
        examples: Questions with their answers.
        input_format: How texts become rows. Of what is too long, the end of the text is cut off.
        batch_size: Questions per batch and rank.
        generator: Shuffles the questions, anew in each epoch. ``None`` takes them in order.
        reading: How often and by whom, see :class:`~lmkit.data.Reading`.

    Returns:
        Batches whose ``labels`` are the first and last position of the answers, see :func:`answer_positions`.

    Raises:
        ValueError: If there are no examples, or a question leaves no room for its text.

    Source:
        Devlin et al. (2019), sections 4.2 and 4.3.

    Example:
        >>> from lmkit.models import load_tokenizer
        >>> from lmkit.tasks import standard_format
        >>> input_format = standard_format(load_tokenizer("storyworld-bert"), context_length=32)
        >>> example = AnsweredQuestion(question="Who?", text="It was Tom.", answer="Tom", span=(7, 10))
        >>> next(answer_span_batches([example], input_format, batch_size=1)).labels
        tensor([[6, 6]])
    """
    rows = [input_format.row(example.question, example.text, keep_first=True) for example in examples]
    positions = [answer_positions(row, example.span) for row, example in zip(rows, examples, strict=True)]
    return _row_batches(
        rows, _labels(torch.tensor(positions)), input_format, batch_size=batch_size, generator=generator, **reading
    )


def matching_batches(
    pairs: Sequence[tuple[str, str]],
    input_format: InputFormat,
    *,
    batch_size: int,
    generator: torch.Generator | None = None,
    **reading: Unpack[Reading],
) -> Batches:
    """Make batches of pairs of texts that belong together, each text a row of its own.

    Args:
        pairs: A text that is given, such as a query, and the one that it is to find.
        input_format: How texts become rows.
        batch_size: Pairs per batch and rank; in training, each is told apart from all others of its batch.
        generator: Shuffles the pairs, anew in each epoch. ``None`` takes them in order.
        reading: How often and by whom, see :class:`~lmkit.data.Reading`.

    Returns:
        Batches with ``source_ids`` and ``source_mask`` for the texts that are given, the other fields for those to be
        found, and ``labels`` that number these, so that pairs with one text to be found can be known.

    Raises:
        ValueError: If there are no pairs.

    Example:
        >>> from lmkit.models import load_tokenizer
        >>> from lmkit.tasks import standard_format
        >>> input_format = standard_format(load_tokenizer("storyworld-bert"), context_length=32)
        >>> pairs = [("a fruit", "apple"), ("a colour", "red")]
        >>> next(matching_batches(pairs, input_format, batch_size=2)).labels
        tensor([0, 1])
    """
    given = [input_format.row(first) for first, _ in pairs]
    sought = [input_format.row(second) for _, second in pairs]
    number_of = {second: number for number, second in enumerate(dict.fromkeys(second for _, second in pairs))}

    def add_given(batch: Batch, chosen: Sequence[int]) -> Batch:
        sources = input_format.batch([given[i] for i in chosen])
        assert sources.attention_mask is not None
        return replace(
            batch,
            labels=torch.tensor([number_of[pairs[i][1]] for i in chosen]),
            source_ids=sources.inputs,
            source_mask=sources.attention_mask[:, 0],
        )

    return _row_batches(sought, add_given, input_format, batch_size=batch_size, generator=generator, **reading)


def answer_positions(row: Row, span: tuple[int, int]) -> tuple[int, int]:
    """Find the tokens of an answer.

    Args:
        row: A question and a text.
        span: First character of the answer in the text, and the one after its last.

    Returns:
        First and last position; 0 and 0, the start of the row, if not all of the answer is in it because the text was
        cut off.

    Example:
        >>> from lmkit.models import load_tokenizer
        >>> from lmkit.tasks import standard_format
        >>> input_format = standard_format(load_tokenizer("storyworld-bert"), context_length=32)
        >>> answer_positions(input_format.row("Who?", "It was Tom.", keep_first=True), (7, 10))
        (6, 6)
    """
    answer = [
        position
        for position, ((start, end), segment_id) in enumerate(zip(row.offsets, row.segment_ids, strict=True))
        if segment_id == SECOND_SEGMENT and start < span[1] and span[0] < end
    ]
    if not answer or (row.is_cut and row.offsets[answer[-1]][1] < span[1]):
        return 0, 0
    return answer[0], answer[-1]


def _texts(example: LabelledText | LabelledPair) -> tuple[str, ...]:
    return (example.text,) if isinstance(example, LabelledText) else (example.first, example.second)


def _labels(labels: Tensor) -> Callable[[Batch, Sequence[int]], Batch]:
    return lambda batch, chosen: replace(batch, labels=labels[list(chosen)])


def _row_batches(
    rows: Sequence[Row],
    complete: Callable[[Batch, Sequence[int]], Batch],
    input_format: InputFormat,
    *,
    batch_size: int,
    generator: torch.Generator | None,
    **reading: Unpack[Reading],
) -> Batches:
    """Make batches of rows; ``complete`` adds what belongs to the examples of the given numbers."""

    def make_batch(chosen: Sequence[int], randomness: Callable[[int], np.random.Generator]) -> Batch:
        return complete(input_format.batch([rows[i] for i in chosen]), chosen)

    return Batches(
        make_batch,
        num_examples=len(rows),
        batch_size=batch_size,
        generator=generator,
        shuffle=generator is not None,
        **reading,
    )
