"""Words, n-grams and references, for the metrics that compare texts."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import regex

Tokenize = Callable[[str], list[str]]
"""``tokenize(text) -> words``: splits a text into the words to compare."""

_WORD = regex.compile(r"[a-z0-9]+")
_CHARACTER = regex.compile(r"(?V1)\p{Han}|[[\p{L}\p{M}\p{N}]--\p{Han}]+")


def lowercase_words(text: str) -> list[str]:
    """Split an English text into words: lower-case runs of the letters a to z and the digits.

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
    """Split a Chinese text into characters, and text in other scripts into lower-case words.

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
        tokens: Words, or a string as a sequence of characters.
        n: Length of the runs.

    Returns:
        How often each run occurs.
    """
    return Counter(zip(*(tokens[start:] for start in range(n)), strict=False))


def check_references(hypotheses: Sequence[str], references: Sequence[Any]) -> None:
    """Check that every hypothesis has a list of references.

    Args:
        hypotheses: Texts to score.
        references: For each of them, a list of correct texts.

    Raises:
        TypeError: If a string is given in place of a list of texts.
        ValueError: If there is nothing to score, the lengths differ, or a hypothesis has no reference.
    """
    if len(hypotheses) != len(references):
        raise ValueError(
            f"hypotheses has {len(hypotheses)} entries and references {len(references)}; give a list for each"
        )
    if not hypotheses:
        raise ValueError("hypotheses is empty: there is nothing to score")
    for number, texts in enumerate(references):
        check_reference_texts(texts, f"references[{number}]")


def check_reference_texts(texts: Any, name: str) -> None:
    """Check that a hypothesis has a list of references.

    Args:
        texts: A list of correct texts.
        name: The argument's name, for the message.

    Raises:
        TypeError: If a string is given in place of a list of texts.
        ValueError: If the list is empty.
    """
    if isinstance(texts, str):
        raise TypeError(f"{name}={texts!r} must be a list of texts: put a single reference into a list")
    if not texts:
        raise ValueError(f"{name} is empty: there is nothing to compare with")
