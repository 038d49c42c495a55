"""Tagging: marked pieces of a text as one tag per word, and back."""

from collections.abc import Sequence

import regex

from lmkit.tasks.examples import LabelledSpan

OUTSIDE = "O"
_WORD = regex.compile(r"(?V1)\p{Han}|[\w--\p{Han}]+|[^\w\s]")


def bio_tags(labels: Sequence[str]) -> tuple[str, ...]:
    """List the tags that words can have.

    Args:
        labels: Those of the marked pieces.

    Returns:
        ``O`` for a word outside of any piece, then for each label ``B-`` for its first word and ``I-`` for the others.

    Source:
        Ramshaw and Marcus (1995); with a ``B-`` at every beginning, Tjong Kim Sang and Veenstra (1999).

    Example:
        >>> bio_tags(["PERSON", "PLACE"])
        ('O', 'B-PERSON', 'I-PERSON', 'B-PLACE', 'I-PLACE')
    """
    return (OUTSIDE, *(f"{place}-{label}" for label in labels for place in "BI"))


def word_spans(text: str) -> list[tuple[int, int]]:
    """Find the words of a text; each punctuation mark and each Chinese character is a word of its own.

    Args:
        text: Any string.

    Returns:
        First character of each and the one after its last.

    Example:
        >>> word_spans("At last, 天地.")
        [(0, 2), (3, 7), (7, 8), (9, 10), (10, 11), (11, 12)]
    """
    return [match.span() for match in _WORD.finditer(text)]


def tags_of_words(words: Sequence[tuple[int, int]], spans: Sequence[LabelledSpan]) -> list[str]:
    """Write marked pieces as tags.

    Args:
        words: As from :func:`word_spans`.
        spans: The marked pieces in the order of the text. A word belongs to the first that it shares a character with.

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
    """Read marked pieces from tags.

    Args:
        words: As from :func:`word_spans`.
        tags: One per word. An ``I-`` that continues nothing of its label begins a piece.

    Returns:
        The marked pieces in the order of the text.

    Example:
        >>> spans_of_tags([(0, 4), (5, 8), (8, 9)], ["B-PERSON", "I-PERSON", "O"])
        (LabelledSpan(start=0, end=8, label='PERSON'),)
    """
    spans: list[LabelledSpan] = []
    label_before = None
    for (start, end), tag in zip(words, tags, strict=True):
        place, _, label = tag.partition("-")
        if place == "I" and label == label_before:
            spans[-1] = spans[-1]._replace(end=end)
        elif tag != OUTSIDE:
            spans.append(LabelledSpan(start, end, label))
        label_before = None if tag == OUTSIDE else label
    return tuple(spans)


def first_tokens(words: Sequence[tuple[int, int]], offsets: Sequence[tuple[int, int]]) -> list[int | None]:
    """Find the first token of each word.

    Args:
        words: As from :func:`word_spans`.
        offsets: The characters of each token, in the order of the text but for empty ones.

    Returns:
        Positions of tokens; ``None`` for a word without a token, for instance because the text was cut off. A token
        that covers several words is the first of each of them.

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
