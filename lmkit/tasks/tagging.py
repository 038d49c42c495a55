"""Tagging: converting labelled spans to one tag per word, and back."""

from collections.abc import Sequence

import regex

from lmkit.tasks.examples import LabelledSpan

OUTSIDE = "O"
_WORD = regex.compile(r"(?V1)\p{Han}|[\w--\p{Han}]+|[^\w\s]")


def bio_tags(labels: Sequence[str]) -> tuple[str, ...]:
    """The tags that words can have.

    Args:
        labels: The labels of the spans.

    Returns:
        ``O`` for a word outside all spans; for each label, ``B-`` for a span's first word and ``I-`` for its others.

    Source:
        Ramshaw and Marcus (1995); Tjong Kim Sang and Veenstra (1999) for the variant in which every span starts with
        ``B-``.

    Example:
        >>> bio_tags(["PERSON", "PLACE"])
        ('O', 'B-PERSON', 'I-PERSON', 'B-PLACE', 'I-PLACE')
    """
    return (OUTSIDE, *(f"{prefix}-{label}" for label in labels for prefix in "BI"))


def word_spans(text: str) -> list[tuple[int, int]]:
    """Find the words of a text; each punctuation mark and each Chinese character is a word.

    Args:
        text: Any string.

    Returns:
        Start and end of each word, in characters.

    Example:
        >>> word_spans("At last, 天地.")
        [(0, 2), (3, 7), (7, 8), (9, 10), (10, 11), (11, 12)]
    """
    return [match.span() for match in _WORD.finditer(text)]


def tags_of_words(words: Sequence[tuple[int, int]], spans: Sequence[LabelledSpan]) -> list[str]:
    """Convert spans to tags.

    Args:
        words: Words from :func:`word_spans`.
        spans: The spans in text order. A word belongs to the first span that it shares a character with.

    Returns:
        One tag per word.

    Example:
        >>> tags_of_words([(0, 4), (5, 8), (8, 9)], [LabelledSpan(0, 8, "PERSON")])
        ['B-PERSON', 'I-PERSON', 'O']
    """
    tags = []
    before: LabelledSpan | None = None
    for start, end in words:
        span = next((span for span in spans if span.start < end and start < span.end), None)
        tags.append(OUTSIDE if span is None else f"{'I' if span is before else 'B'}-{span.label}")
        before = span
    return tags


def spans_of_tags(words: Sequence[tuple[int, int]], tags: Sequence[str]) -> tuple[LabelledSpan, ...]:
    """Convert tags to spans.

    Args:
        words: Words from :func:`word_spans`.
        tags: One tag per word. An ``I-`` that does not continue a span of its label begins one.

    Returns:
        The spans in text order.

    Example:
        >>> spans_of_tags([(0, 4), (5, 8), (8, 9)], ["B-PERSON", "I-PERSON", "O"])
        (LabelledSpan(start=0, end=8, label='PERSON'),)
    """
    spans: list[LabelledSpan] = []
    label_before = None
    for (start, end), tag in zip(words, tags, strict=True):
        prefix, _, label = tag.partition("-")
        if prefix == "I" and label == label_before:
            spans[-1] = spans[-1]._replace(end=end)
        elif tag != OUTSIDE:
            spans.append(LabelledSpan(start, end, label))
        label_before = None if tag == OUTSIDE else label
    return tuple(spans)


def first_tokens(words: Sequence[tuple[int, int]], offsets: Sequence[tuple[int, int]]) -> list[int | None]:
    """Find the first token of each word.

    Args:
        words: Words from :func:`word_spans`.
        offsets: Start and end of each token, in text order; special tokens have empty spans.

    Returns:
        Positions of tokens; ``None`` for a word without a token, for instance after truncation. A token that covers
        several words is the first token of each of them.

    Example:
        >>> first_tokens([(0, 4), (5, 8), (9, 11)], [(0, 0), (0, 2), (2, 4), (4, 8), (0, 0)])
        [1, 3, None]
    """
    positions: list[int | None] = []
    number = 0
    for start, end in words:
        while number < len(offsets) and offsets[number][1] <= start:
            number += 1
        positions.append(number if number < len(offsets) and offsets[number][0] < end else None)
    return positions
