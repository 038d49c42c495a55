"""Baselines without training: the first sentences as a summary, shared words as similarity."""

import re

from lmkit.evaluation.words import Tokenize, lowercase_words

_AFTER_SENTENCE = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])\s*")


def lead_sentences(text: str, num_sentences: int = 1) -> str:
    """Use the beginning of a text as its summary.

    Args:
        text: The text.
        num_sentences: Number of sentences; a text with fewer is returned whole.

    Returns:
        The first sentences.

    Raises:
        ValueError: If ``num_sentences`` is less than 1.

    Example:
        >>> lead_sentences("It rained. They stayed. It stopped.", 2)
        'It rained. They stayed.'
    """
    if num_sentences < 1:
        raise ValueError(f"num_sentences={num_sentences} must be at least 1")
    starts = [found.end() for found in _AFTER_SENTENCE.finditer(text)]
    return text[: starts[num_sentences - 1]].rstrip() if len(starts) >= num_sentences else text


def word_overlap(first: str, second: str, tokenize: Tokenize = lowercase_words) -> float:
    r"""Jaccard similarity $|W_1 \cap W_2| / |W_1 \cup W_2|$ of the sets of words of two texts.

    Args:
        first: A text.
        second: Another text.
        tokenize: Splits a text into words.

    Returns:
        Between 0 and 1; 0 if neither text has words.

    Source:
        Jaccard (1901).

    Example:
        >>> word_overlap("A dog barked.", "The dog barked!")
        0.5
    """
    ours, theirs = set(tokenize(first)), set(tokenize(second))
    return len(ours & theirs) / max(len(ours | theirs), 1)
