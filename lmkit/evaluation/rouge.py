"""ROUGE: how much of a reference summary a summary covers."""

from collections.abc import Callable, Sequence

from lmkit.evaluation.matches import Matches, count_matches
from lmkit.evaluation.words import Tokenize, check_references, lowercase_words, ngram_counts


def rouge_n(
    hypotheses: Sequence[str],
    references: Sequence[Sequence[str]],
    n: int,
    tokenize: Tokenize = lowercase_words,
) -> list[Matches]:
    """ROUGE-N: the n-grams that a summary and its reference have in common.

    With several references, the one with the highest F1 counts.

    Args:
        hypotheses: Summaries to score.
        references: For each of them, a list of correct summaries.
        n: Length of the n-grams; 1 and 2 are usual.
        tokenize: Splits a text into words; for Chinese use :func:`lmkit.evaluation.chinese_characters`.

    Returns:
        Precision, recall and F1 of each summary. The mean F1 is the score.

    Raises:
        TypeError: If a string is given in place of a list of references.
        ValueError: If there is nothing to score, the lengths differ, a summary has no reference, or n is less than 1.

    Source:
        Lin (2004), section 2; equal to the package rouge-score without stemming.

    Example:
        >>> [summary] = rouge_n(["Anna gave Ben the ball."], [["Anna gave the ball to Ben."]], n=2)
        >>> round(summary.f1, 3)  # "Anna gave" and "the ball", of 4 and 5 pairs
        0.444
    """
    if n < 1:
        raise ValueError(f"n={n} must be at least 1")
    return _best_matches(
        hypotheses,
        references,
        lambda words, reference: count_matches(ngram_counts(words, n), ngram_counts(reference, n)),
        tokenize,
    )


def rouge_l(
    hypotheses: Sequence[str], references: Sequence[Sequence[str]], tokenize: Tokenize = lowercase_words
) -> list[Matches]:
    """ROUGE-L: the longest common subsequence of words of a summary and its reference, gaps allowed.

    Each text is treated as one sentence. With several references, the one with the highest F1 counts.

    Args:
        hypotheses: Summaries to score.
        references: For each of them, a list of correct summaries.
        tokenize: Splits a text into words; for Chinese use :func:`lmkit.evaluation.chinese_characters`.

    Returns:
        Precision, recall and F1 of each summary. The mean F1 is the score.

    Raises:
        TypeError: If a string is given in place of a list of references.
        ValueError: If there is nothing to score, the lengths differ, or a summary has no reference.

    Source:
        Lin (2004), section 3.1; equal to the package rouge-score without stemming.

    Example:
        >>> [summary] = rouge_l(["Anna gave Ben the ball."], [["Anna gave the ball to Ben."]])
        >>> summary.num_matched  # "Anna gave the ball"
        4
    """
    return _best_matches(
        hypotheses,
        references,
        lambda words, reference: Matches(
            num_matched=longest_common_subsequence(words, reference),
            num_predicted=len(words),
            num_expected=len(reference),
        ),
        tokenize,
    )


def longest_common_subsequence(first: Sequence[str], second: Sequence[str]) -> int:
    """Length of the longest sequence that both contain in order, gaps allowed.

    Args:
        first: A sequence of words or characters.
        second: Another.

    Returns:
        The number of its elements.

    Example:
        >>> longest_common_subsequence("ABCBDAB", "BDCABA")
        4
    """
    lengths = [0] * (len(second) + 1)  # lengths[j] is for the first j elements of second
    for word in first:
        before = lengths
        lengths = [0]
        for position, other in enumerate(second):
            lengths.append(before[position] + 1 if word == other else max(before[position + 1], lengths[position]))
    return lengths[-1]


def _best_matches(
    hypotheses: Sequence[str],
    references: Sequence[Sequence[str]],
    match: Callable[[list[str], list[str]], Matches],
    tokenize: Tokenize,
) -> list[Matches]:
    check_references(hypotheses, references)
    return [
        max((match(tokenize(hypothesis), tokenize(text)) for text in texts), key=lambda matches: matches.f1)
        for hypothesis, texts in zip(hypotheses, references, strict=True)
    ]
