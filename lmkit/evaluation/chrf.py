"""chrF: precision and recall of a translation's character n-grams."""

import string
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add
from statistics import fmean

from lmkit.evaluation.matches import Matches, count_matches
from lmkit.evaluation.words import check_reference_texts, check_references, ngram_counts

MAX_CHARACTERS = 6
MAX_WORDS = 2
BETA = 2


@dataclass(frozen=True, kw_only=True)
class ChrfScore:
    r"""The counts that chrF is computed from. Adding two scores gives the score of both sets of sentences together.

    $\text{chrF} = 100 \cdot (1 + \beta^2) \frac{P R}{\beta^2 P + R}$ with $\beta = 2$, where P and R are the means of
    the precisions and recalls of all n-gram orders that occur in both hypotheses and references.

    Args:
        by_order: Matches of the n-grams of each order: characters first, then words.

    Example:
        >>> letters = Matches(num_matched=3, num_predicted=4, num_expected=4)
        >>> ChrfScore(by_order=(letters,)).score
        75.0
    """

    by_order: tuple[Matches, ...]

    @property
    def score(self) -> float:
        """The score, between 0 and 100."""
        orders = [order for order in self.by_order if order.num_predicted and order.num_expected]
        if not any(order.num_matched for order in orders):
            return 0.0
        precision, recall = fmean(order.precision for order in orders), fmean(order.recall for order in orders)
        return 100 * (1 + BETA**2) * precision * recall / (BETA**2 * precision + recall)

    def __add__(self, other: "ChrfScore") -> "ChrfScore":
        return ChrfScore(by_order=tuple(map(add, self.by_order, other.by_order)))


def sentence_chrf(hypothesis: str, references: Sequence[str], *, words: bool = False) -> ChrfScore:
    """Compare one sentence with the reference that gives it the highest score.

    Args:
        hypothesis: The sentence to score.
        references: Correct sentences.
        words: Whether to count words and pairs of words too (chrF++).

    Returns:
        The counts and the score.

    Raises:
        TypeError: If a string is given in place of a list of references.
        ValueError: If there are no references.

    Example:
        >>> round(sentence_chrf("the cats", ["a dog", "the cat"]).score, 1)
        93.3
    """
    check_reference_texts(references, "references")
    ngrams = _all_ngrams(hypothesis, words)
    scores = []
    for reference in references:
        pairs = zip(ngrams, _all_ngrams(reference, words), strict=True)
        # Orders for which the reference is too short are ignored in the hypothesis too.
        scores.append(
            ChrfScore(by_order=tuple(count_matches(some if other else other, other) for some, other in pairs))
        )
    return max(scores, key=lambda candidate: candidate.score)


def chrf(hypotheses: Sequence[str], references: Sequence[Sequence[str]], *, words: bool = False) -> ChrfScore:
    """ChrF or chrF++ of a corpus, equal to sacrebleu's.

    It needs no tokenizer, so it works for any language. Whitespace is ignored.

    Args:
        hypotheses: Sentences to score.
        references: For each of them, a list of correct sentences.
        words: Whether to count words and pairs of words too (chrF++).

    Returns:
        The counts; the property ``score`` is between 0 and 100.

    Raises:
        TypeError: If a string is given in place of a list of references.
        ValueError: If there is nothing to score, the lengths differ, or a sentence has no reference.

    Source:
        Popović (2015), equation 1; Popović (2017) for chrF++. Orders that do not occur are ignored, as in sacrebleu.

    Example:
        >>> round(chrf(["the cats"], [["the cat"]]).score, 1)
        93.3
    """
    check_references(hypotheses, references)
    return reduce(add, (sentence_chrf(*pair, words=words) for pair in zip(hypotheses, references, strict=True)))


def _all_ngrams(text: str, words: bool) -> list[Counter[tuple[str, ...]]]:
    characters = "".join(text.split())
    ngrams = [ngram_counts(characters, n) for n in range(1, MAX_CHARACTERS + 1)]
    if words:
        tokens = _words(text)
        ngrams += [ngram_counts(tokens, n) for n in range(1, MAX_WORDS + 1)]
    return ngrams


def _words(text: str) -> list[str]:
    """Split into words; one punctuation mark is split off each word: at the end, or else at the start."""
    words = []
    for word in text.split():
        if len(word) > 1 and word[-1] in string.punctuation:
            words += [word[:-1], word[-1]]
        elif len(word) > 1 and word[0] in string.punctuation:
            words += [word[0], word[1:]]
        else:
            words.append(word)
    return words
