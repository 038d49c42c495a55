"""Batches of labelled examples, with one function per kind of task. Rows are padded to the longest of their batch."""

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
        examples: The texts or pairs.
        labels: The classes, in the order of their ids.
        input_format: How texts become rows.
        batch_size: Examples per batch and rank.
        generator: Shuffles the examples in each epoch; ``None`` keeps their order.
        reading: ``num_epochs``, ``rank`` and ``world_size``; see :class:`~lmkit.data.Reading`.

    Returns:
        Batches whose ``labels`` are class ids.

    Raises:
        ValueError: If there are no examples, or one has a label that is not in ``labels``.

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
            raise ValueError(f"examples[{i}] has label={example.label!r}, which is not one of {list(labels)}")
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
    """Make batches of pairs of texts that are labelled with numbers.

    Args:
        examples: Pairs whose labels are numbers.
        input_format: How texts become rows.
        batch_size: Pairs per batch and rank.
        generator: Shuffles the pairs in each epoch; ``None`` keeps their order.
        reading: See :class:`~lmkit.data.Reading`.

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
    """Make batches of texts in which the first token of each word gets a tag.

    Args:
        examples: Texts with labelled spans.
        labels: The labels that spans can have.
        input_format: How texts become rows. Words beyond its ``context_length`` are not tagged.
        batch_size: Texts per batch and rank.
        generator: Shuffles the texts in each epoch; ``None`` keeps their order.
        reading: See :class:`~lmkit.data.Reading`.

    Returns:
        Batches whose ``targets`` are indices into :func:`~lmkit.tasks.tagging.bio_tags` at the first token of each
        word, and ``IGNORE_ID`` elsewhere.

    Raises:
        ValueError: If there are no examples, or a span has a label that is not in ``labels``.

    Source:
        Devlin et al. (2019), section 5.3: the first token of a word represents the word.

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
                raise ValueError(f"examples[{i}] has a span with label={span.label!r}, which is not in {list(labels)}")
        row = input_format.row(example.text)
        words = word_spans(example.text)
        row_targets = [IGNORE_ID] * len(row.token_ids)
        tags = tags_of_words(words, example.spans)
        for tag, token in zip(tags, first_tokens(words, row.offsets), strict=True):
            if token is not None and row_targets[token] == IGNORE_ID:  # the first of several words in a token
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
        input_format: How texts become rows. If a row is too long, the end of the text is truncated.
        batch_size: Questions per batch and rank.
        generator: Shuffles the questions in each epoch; ``None`` keeps their order.
        reading: See :class:`~lmkit.data.Reading`.

    Returns:
        Batches whose ``labels`` are the first and last position of each answer; see :func:`answer_positions`.

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
    """Make batches of matching pairs of texts, with each text in its own row.

    Args:
        pairs: Pairs of a given text, such as a query, and the text to find for it.
        input_format: How texts become rows.
        batch_size: Pairs per batch and rank. In training, the other texts of a batch are the negatives.
        generator: Shuffles the pairs in each epoch; ``None`` keeps their order.
        reading: See :class:`~lmkit.data.Reading`.

    Returns:
        Batches with ``source_ids`` and ``source_mask`` for the given texts and the other fields for the texts to find.
        ``labels`` are ids of the texts to find: equal texts have equal labels.

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
        row: A question followed by a text.
        span: Start and end of the answer in the text, in characters.

    Returns:
        First and last position of the answer; (0, 0), the start of the row, if the answer was truncated.

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
    if not answer or (row.is_truncated and row.offsets[answer[-1]][1] < span[1]):
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
    """Make batches of rows; ``complete`` adds the labels or targets of the examples with the given indices."""

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
