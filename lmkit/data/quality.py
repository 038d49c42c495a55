"""Cleaning steps that keep or drop a text of the web: the rules that the corpus of Gopher was filtered by.

Each rule says whether to *keep* a text. They were made for English pages: other languages need other bounds,
and a language without spaces between words needs another idea of a word.

Source:
    Rae et al. (2021), appendix A.1, with its thresholds as defaults; the repetition rules are table A1.
"""

from collections import Counter
from collections.abc import Sequence

import regex

STOP_WORDS = frozenset({"the", "be", "to", "of", "and", "that", "have", "with"})
BULLETS = ("•", "‣", "●", "◦", "▪", "-", "*")
ELLIPSES = ("...", "…")
_PARAGRAPH_END = regex.compile(r"\n{2,}")


def has_enough_words(document: str, minimum: int = 50, maximum: int = 100_000) -> bool:
    """Keep a text with between 50 and 100,000 words.

    Args:
        document: The text.
        minimum: The fewest words.
        maximum: The most words.

    Returns:
        Whether to keep it.

    Example:
        >>> has_enough_words("Too short."), has_enough_words("long enough " * 25)
        (False, True)
    """
    return minimum <= len(document.split()) <= maximum


def has_usual_word_length(document: str, minimum: float = 3.0, maximum: float = 10.0) -> bool:
    """Keep a text whose words have between 3 and 10 characters on average.

    Args:
        document: The text.
        minimum: The least mean length.
        maximum: The greatest mean length.

    Returns:
        Whether to keep it.

    Example:
        >>> has_usual_word_length("words of usual length"), has_usual_word_length("a b c d")
        (True, False)
    """
    words = document.split()
    return bool(words) and minimum <= sum(map(len, words)) / len(words) <= maximum


def has_few_symbols(document: str, maximum: float = 0.1) -> bool:
    """Keep a text with at most one hash sign, and at most one ellipsis, per ten words.

    Args:
        document: The text.
        maximum: The greatest number of either per word.

    Returns:
        Whether to keep it.

    Example:
        >>> has_few_symbols("plain text"), has_few_symbols("# so # many # hashes")
        (True, False)
    """
    limit = maximum * len(document.split())
    return document.count("#") <= limit and sum(map(document.count, ELLIPSES)) <= limit


def has_few_bullets(document: str, maximum: float = 0.9) -> bool:
    r"""Keep a text of whose lines at most 90 % begin with a bullet.

    Args:
        document: The text.
        maximum: The greatest share of lines.

    Returns:
        Whether to keep it.

    Example:
        >>> has_few_bullets("a\nb"), has_few_bullets("- a\n- b")
        (True, False)
    """
    lines = _lines(document)
    return sum(line.lstrip().startswith(BULLETS) for line in lines) <= maximum * len(lines)


def has_few_cut_lines(document: str, maximum: float = 0.3) -> bool:
    r"""Keep a text of whose lines at most 30 % end with an ellipsis.

    Args:
        document: The text.
        maximum: The greatest share of lines.

    Returns:
        Whether to keep it.

    Example:
        >>> has_few_cut_lines("A whole line.\nAnother."), has_few_cut_lines("Read more...\nAnd more...")
        (True, False)
    """
    lines = _lines(document)
    return sum(line.rstrip().endswith(ELLIPSES) for line in lines) <= maximum * len(lines)


def has_alphabetic_words(document: str, minimum: float = 0.8) -> bool:
    """Keep a text in which at least 80 % of the words contain a letter.

    Args:
        document: The text.
        minimum: The least share of words.

    Returns:
        Whether to keep it.

    Example:
        >>> has_alphabetic_words("mostly words"), has_alphabetic_words("1 2 3 four")
        (True, False)
    """
    words = document.split()
    return sum(any(map(str.isalpha, word)) for word in words) >= minimum * len(words)


def has_stop_words(document: str, minimum: int = 2) -> bool:
    """Keep a text with at least two of *the, be, to, of, and, that, have, with*: it is probably English prose.

    Args:
        document: The text.
        minimum: The fewest different stop words.

    Returns:
        Whether to keep it.

    Example:
        >>> has_stop_words("the end of the story"), has_stop_words("buy cheap watches")
        (True, False)
    """
    return len(STOP_WORDS.intersection(document.lower().split())) >= minimum


def has_few_repeated_lines(document: str, maximum: float = 0.3, maximum_chars: float = 0.2) -> bool:
    r"""Keep a text in which few lines, and few paragraphs, repeat an earlier one.

    Args:
        document: The text.
        maximum: The greatest share of lines, and of paragraphs.
        maximum_chars: The greatest share of characters in them.

    Returns:
        Whether to keep it.

    Example:
        >>> has_few_repeated_lines("one\ntwo\nthree"), has_few_repeated_lines("one\none\none")
        (True, False)
    """
    paragraphs = [part for part in _PARAGRAPH_END.split(document) if part.strip()]
    for parts in (_lines(document), paragraphs):
        first = set(parts)
        num_chars, first_chars = sum(map(len, parts)), sum(map(len, first))
        if len(parts) - len(first) > maximum * len(parts) or num_chars - first_chars > maximum_chars * num_chars:
            return False
    return True


def has_few_top_ngrams(document: str, maximum: Sequence[tuple[int, float]] = ((2, 0.20), (3, 0.18), (4, 0.16))) -> bool:
    """Keep a text that its most frequent run of two, three or four words does not dominate.

    Args:
        document: The text.
        maximum: Lengths of runs, each with the greatest share of the characters that all occurrences of the most
            frequent run may have; of several, the one with the most characters. A run that comes once does not count.

    Returns:
        Whether to keep it.

    Example:
        >>> has_few_top_ngrams("buy now " * 20)
        False
    """
    words = document.split()
    num_chars = sum(map(len, words))
    for length, share in maximum:
        counts = Counter(zip(*(words[start:] for start in range(length)), strict=False))
        most = max(counts.values(), default=0)
        longest = max((sum(map(len, run)) for run, count in counts.items() if count == most), default=0)
        if most > 1 and most * longest > share * num_chars:
            return False
    return True


def has_few_repeated_ngrams(
    document: str,
    maximum: Sequence[tuple[int, float]] = ((5, 0.15), (6, 0.14), (7, 0.13), (8, 0.12), (9, 0.11), (10, 0.10)),
) -> bool:
    """Keep a text of which few characters are in runs of five to ten words that have come before.

    Args:
        document: The text.
        maximum: Lengths of runs in ascending order, each with the greatest share of characters. Runs may overlap; a
            character counts once.

    Returns:
        Whether to keep it.

    Example:
        >>> has_few_repeated_ngrams("you will not believe what happened next " * 9)
        False
    """
    words = document.split()
    num_chars = sum(map(len, words))
    for length, share in maximum:
        repeated = _repeated_chars(words, length)
        if repeated > share * num_chars:
            return False
        if repeated == 0:  # then no longer run is repeated either
            break
    return True


def _repeated_chars(words: list[str], length: int) -> int:
    seen: set[tuple[str, ...]] = set()
    counted_to, repeated = 0, 0
    for start, run in enumerate(zip(*(words[start:] for start in range(length)), strict=False)):
        if run in seen:
            repeated += sum(map(len, words[max(start, counted_to) : start + length]))
            counted_to = start + length
        seen.add(run)
    return repeated


def _lines(document: str) -> list[str]:
    return [line for line in document.splitlines() if line.strip()]


GOPHER_RULES = (
    has_enough_words,
    has_usual_word_length,
    has_few_symbols,
    has_few_bullets,
    has_few_cut_lines,
    has_alphabetic_words,
    has_stop_words,
    has_few_repeated_lines,
    has_few_top_ngrams,
    has_few_repeated_ngrams,
)
"""All of them, the cheap ones first."""
