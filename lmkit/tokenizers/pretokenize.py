"""Split text into pre-tokens, the words that a tokenizer never merges across, and count them."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import regex

from lmkit.tokenizers.files import read_documents
from lmkit.tokenizers.special import replace_surrogates, special_token_pattern

GPT2_PATTERN = r"""'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"""
"""GPT-2's pattern: English clitics; letters, digits or symbols, each with the space before; whitespace."""

GPT2_SINGLE_DIGITS_PATTERN = r"""\p{N}|'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?[^\s\p{L}\p{N}]+|\s+(?![^\s\p{N}])|\s+"""
"""The same after each digit has been split off, as in SmolLM and StarCoder."""

_IN_ASCII = {
    GPT2_PATTERN: (
        r"""'(?:[sdmt]|ll|ve|re)| ?[A-Za-z]+| ?[0-9]+| ?[^ \t-\rA-Za-z0-9]+|[ \t-\r]+(?![^ \t-\r])|[ \t-\r]+"""
    ),
    GPT2_SINGLE_DIGITS_PATTERN: (
        r"""[0-9]|'(?:[sdmt]|ll|ve|re)| ?[A-Za-z]+| ?[^ \t-\rA-Za-z0-9]+|[ \t-\r]+(?![^ \t-\r0-9])|[ \t-\r]+"""
    ),
}
"""The same for ASCII text and Python's own ``re``, which needs less than half the time."""


class Splitter:
    """Splits text into pre-tokens.

    Args:
        pattern: See :func:`compile_pattern`.

    Raises:
        ValueError: If the pattern is invalid or has capturing groups.

    Example:
        >>> Splitter(GPT2_PATTERN)("I'll say 2 words.")
        ['I', "'ll", ' say', ' 2', ' words', '.']
    """

    def __init__(self, pattern: str) -> None:
        self._pattern = compile_pattern(pattern)
        self._in_ascii = re.compile(_IN_ASCII[pattern]) if pattern in _IN_ASCII else self._pattern

    def __call__(self, text: str) -> list[str]:
        """Split a text; the pre-tokens together are the text."""
        return (self._in_ascii if text.isascii() else self._pattern).findall(text)


def compile_pattern(pattern: str) -> regex.Pattern[str]:
    r"""Compile a pre-tokenisation pattern so that ``findall`` covers the whole text.

    Text that the pattern does not match becomes a pre-token too.

    Args:
        pattern: A regular expression of the ``regex`` module, without capturing groups.

    Returns:
        The pattern, with an alternative that matches the gaps it leaves.

    Raises:
        ValueError: If the pattern is invalid or has capturing groups.

    Example:
        >>> compile_pattern(GPT2_PATTERN).findall("I'll say 2 words.")
        ['I', "'ll", ' say', ' 2', ' words', '.']
        >>> compile_pattern(r"\d+").findall("a1bc23")
        ['a', '1', 'bc', '23']
    """
    try:
        compiled = regex.compile(rf"(?:{pattern})|(?s:(?:(?!{pattern}).)+)")
    except regex.error as error:
        raise ValueError(f"pattern={pattern!r} is not a valid regular expression: {error}") from error
    if compiled.groups:
        raise ValueError(f"pattern={pattern!r} has {compiled.groups // 2} capturing groups; write (?:...) instead")
    return compiled


def count_pieces(
    source: str | Path | Iterable[str], split: Callable[[str], list[str]], special_tokens: Sequence[str] = ()
) -> Counter[str]:
    """Count the pre-tokens of a training source.

    Args:
        source: A text, the path of a UTF-8 text file (read in chunks), or documents.
        split: Splits a text into pre-tokens.
        special_tokens: Strings that are removed first and not counted.

    Returns:
        How often each pre-token occurs.

    Raises:
        ValueError: If the source contains no text.
    """
    special = special_token_pattern(special_tokens)
    counts: Counter[str] = Counter()
    for document in read_documents(source, special_tokens):
        for part in special.split(replace_surrogates(document))[::2]:  # the odd items are special tokens
            counts.update(split(part))
    if not counts:
        raise ValueError("source holds no text to learn from")
    return counts
