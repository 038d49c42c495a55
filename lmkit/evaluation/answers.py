"""Metrics for short answers: exact match, and F1 over words."""

import string
from collections import Counter
from collections.abc import Sequence

import regex

from lmkit.evaluation.matches import count_matches
from lmkit.evaluation.words import Tokenize, check_references

_DROP_PUNCTUATION = str.maketrans("", "", string.punctuation)
_ARTICLE = regex.compile(r"\b(?:a|an|the)\b")


def answer_words(text: str) -> list[str]:
    """Split an English answer into the words to compare: lower case, without ASCII punctuation and articles.

    Args:
        text: The answer.

    Returns:
        The words.

    Source:
        Rajpurkar et al. (2016), section 6.1.

    Example:
        >>> answer_words("The dog's  ball, a red one.")
        ['dogs', 'ball', 'red', 'one']
    """
    return _ARTICLE.sub(" ", text.lower().translate(_DROP_PUNCTUATION)).split()


def exact_match(
    predictions: Sequence[str], references: Sequence[Sequence[str]], tokenize: Tokenize = answer_words
) -> list[float]:
    """Whether each answer has exactly the words of one of the correct answers.

    Args:
        predictions: One answer per question.
        references: The correct answers to each question.
        tokenize: Splits an answer into the words to compare; for Chinese use
            :func:`lmkit.evaluation.chinese_characters`.

    Returns:
        1 or 0 per answer. Their mean is the score.

    Raises:
        TypeError: If a string is given in place of a list of correct answers.
        ValueError: If there is nothing to score, the lengths differ, or a question has no correct answer.

    Source:
        Rajpurkar et al. (2016), section 6.1.

    Example:
        >>> exact_match(["the red ball", "a ball"], [["Red ball."], ["red ball"]])
        [1.0, 0.0]
    """
    check_references(predictions, references)
    return [
        float(any(tokenize(prediction) == tokenize(reference) for reference in right))
        for prediction, right in zip(predictions, references, strict=True)
    ]


def answer_f1(
    predictions: Sequence[str], references: Sequence[Sequence[str]], tokenize: Tokenize = answer_words
) -> list[float]:
    """F1 of each answer's words against the closest correct answer, which gives partial credit.

    Two answers without any words match: an unanswerable question has the empty answer.

    Args:
        predictions: One answer per question.
        references: The correct answers to each question.
        tokenize: Splits an answer into the words to compare; for Chinese use
            :func:`lmkit.evaluation.chinese_characters`.

    Returns:
        Between 0 and 1 per answer. Their mean is the score.

    Raises:
        TypeError: If a string is given in place of a list of correct answers.
        ValueError: If there is nothing to score, the lengths differ, or a question has no correct answer.

    Source:
        Rajpurkar et al. (2016), section 6.1; the empty answer as in Rajpurkar et al. (2018).

    Example:
        >>> answer_f1(["a very red ball"], [["the red ball"]])
        [0.8]
    """
    check_references(predictions, references)
    return [
        max(_f1(tokenize(prediction), tokenize(reference)) for reference in right)
        for prediction, right in zip(predictions, references, strict=True)
    ]


def _f1(predicted: list[str], expected: list[str]) -> float:
    if not predicted and not expected:
        return 1.0
    return count_matches(Counter(predicted), Counter(expected)).f1
