"""Words, n-grams and references: what the metrics that compare texts have in common."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import regex

Tokenize = Callable[[str], list[str]]
"""Splits a text into the words that are compared."""

_WORD = regex.compile(r"[a-z0-9]+")
_CHARACTER = regex.compile(r"(?V1)\p{Han}|[[\p{L}\p{M}\p{N}]--\p{Han}]+")


def lowercase_words(text: str) -> list[str]:
    """Split an English text into words: runs of Latin letters without accents and of digits, in lower case.

    Args:
        text: The text.

    Returns:
        The words, without punctuation.

    Source:
        The tokenizer of the package rouge-score, without its stemmer.

    Example:
        >>> lowercase_words("Don't stop at 10%!")
        ['don', 't', 'stop', 'at', '10']
    """
    return _WORD.findall(text.lower())


def chinese_characters(text: str) -> list[str]:
    """Split a Chinese text into characters, and anything else in it into words in lower case.

    Args:
        text: The text.

    Returns:
        The characters and words, without punctuation.

    Example:
        >>> chinese_characters("小明有12个iPad。")
        ['小', '明', '有', '12', '个', 'ipad']
    """
    return _CHARACTER.findall(text.lower())


def ngram_counts(tokens: Sequence[str], n: int) -> Counter[tuple[str, ...]]:
    """Count every run of n consecutive tokens.

    Args:
        tokens: Words, or a text whose characters are counted.
        n: Length of the runs.

    Returns:
        How often each run occurs.
    """
    return Counter(zip(*(tokens[start:] for start in range(n)), strict=False))


def check_references(hypotheses: Sequence[str], references: Sequence[Any]) -> None:
    """Check that every hypothesis has a list of references.

    Args:
        hypotheses: Texts to be scored.
        references: For each of them, a list of texts that would be right.

    Raises:
        TypeError: If a text is given instead of a list of texts.
        ValueError: If there is nothing to score, the lengths differ, or a hypothesis has no reference.
    """
    if len(hypotheses) != len(references):
        raise ValueError(
            f"hypotheses has {len(hypotheses)} entries and references {len(references)}; give a list for each"
        )
    if not hypotheses:
        raise ValueError("hypotheses is empty: there is nothing to score")
    for number, texts in enumerate(references):
        if isinstance(texts, str):
            raise TypeError(f"references[{number}]={texts!r} must be a list of texts, though it be of one")
        if not texts:
            raise ValueError(f"references[{number}] is empty: there is nothing to compare with")
