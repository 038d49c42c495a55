"""Answers to questions: whether they are right to the letter, and how many of their words are."""

import string
from collections import Counter
from collections.abc import Sequence

import regex

from lmkit.evaluation.matches import count_matches
from lmkit.evaluation.words import Tokenize, check_references

_DROP_PUNCTUATION = str.maketrans("", "", string.punctuation)
_ARTICLE = regex.compile(r"\b(?:a|an|the)\b")


def answer_words(text: str) -> list[str]:
    """Split an English answer into the words that count: lower case, no ASCII punctuation, no articles.

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
    """Whether each answer is one of the right ones, word by word.

    Args:
        predictions: Answers given.
        references: Right answers to each question.
        tokenize: What counts of an answer; for Chinese :func:`lmkit.evaluation.chinese_characters`.

    Returns:
        1 or 0 for each answer. Their mean is the score.

    Raises:
        TypeError: If a text is given instead of a list of right answers.
        ValueError: If there is nothing to score, the lengths differ, or a question has no right answer.

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
    """F1 of each answer's words: partial credit for a partial answer, against the best of the right ones.

    Two answers without any word, such as the empty answer to a question that has none, agree.

    Args:
        predictions: Answers given.
        references: Right answers to each question.
        tokenize: What counts of an answer; for Chinese :func:`lmkit.evaluation.chinese_characters`.

    Returns:
        Between 0 and 1 for each answer. Their mean is the score.

    Raises:
        TypeError: If a text is given instead of a list of right answers.
        ValueError: If there is nothing to score, the lengths differ, or a question has no right answer.

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
