"""CIDEr-D: how similar a text is to several references, with rare n-grams weighing more than common ones."""

import math
from collections import Counter
from collections.abc import Sequence
from statistics import fmean

from lmkit.evaluation.words import Tokenize, check_references, lowercase_words, ngram_counts

MAX_ORDER = 4
SIGMA = 6.0

Weights = dict[tuple[str, ...], float]


def cider_d(
    hypotheses: Sequence[str],
    references: Sequence[Sequence[str]],
    tokenize: Tokenize = lowercase_words,
    *,
    relative_counts: bool = True,
) -> list[float]:
    r"""CIDEr-D of each text: its similarity to the references in n-grams weighted by TF-IDF.

    In a text s that contains it $h_k$ times, an n-gram k has the weight
    $g_k(s) = \frac{h_k(s)}{\sum_l h_l(s)} \log \frac{N}{\max(1, d_k)}$, where $d_k$ of the N examples have it in a
    reference. For a hypothesis c with m references

    $$\text{CIDEr-D}(c) = \frac{10}{m} \sum_{j=1}^m e^{-(|c| - |s_j|)^2 / 2 \sigma^2} \frac{1}{4} \sum_{n=1}^4
    \frac{\min(g^n(c), g^n(s_j)) \cdot g^n(s_j)}{\|g^n(c)\| \|g^n(s_j)\|}$$

    with $\sigma = 6$. Because of the minimum and the length penalty, repeating words does not raise the score.

    Args:
        hypotheses: Texts to score.
        references: For each of them, a list of correct texts.
        tokenize: Splits a text into words; for Chinese use :func:`lmkit.evaluation.chinese_characters`.
        relative_counts: Whether counts are divided by the number of n-grams in their text, as in the paper. The
            authors' code omits the division, which affects only the minimum; ``False`` gives its scores.

    Returns:
        Between 0 and 10 per text. Their mean is the score.

    Raises:
        TypeError: If a string is given in place of a list of references.
        ValueError: If there are fewer than two texts (then every n-gram has weight 0), the lengths differ, or a text
            has no reference.

    Source:
        Vedantam et al. (2015), equations 1 to 4 and section 6. Words are not stemmed here.

    Example:
        >>> references = [["a red ball lies here", "a red ball"], ["a dog runs home", "the dog runs"]]
        >>> [round(score, 2) for score in cider_d(["a red ball", "a ball runs home"], references)]
        [4.9, 1.66]
    """
    check_references(hypotheses, references)
    if len(references) < 2:
        raise ValueError("hypotheses has 1 entry, at least 2 are needed: with fewer than 2 no n-gram is rarer")
    reference_words = [[tokenize(text) for text in texts] for texts in references]
    document_counts = Counter(
        ngram
        for texts in reference_words
        for ngram in {ngram for words in texts for n in range(1, MAX_ORDER + 1) for ngram in ngram_counts(words, n)}
    )

    def weigh(words: list[str], n: int) -> Weights:
        counts = ngram_counts(words, n)
        total = counts.total() if relative_counts else 1
        return {
            ngram: count / total * math.log(len(references) / max(1, document_counts[ngram]))
            for ngram, count in counts.items()
        }

    scores = []
    for hypothesis, texts in zip(hypotheses, reference_words, strict=True):
        words = tokenize(hypothesis)
        similarities = [
            math.exp(-((len(words) - len(text)) ** 2) / (2 * SIGMA**2))
            * fmean(_clipped_cosine(weigh(words, n), weigh(text, n)) for n in range(1, MAX_ORDER + 1))
            for text in texts
        ]
        scores.append(10 * fmean(similarities))
    return scores


def _clipped_cosine(hypothesis: Weights, reference: Weights) -> float:
    norms = math.hypot(*hypothesis.values()) * math.hypot(*reference.values())
    if not norms:
        return 0.0
    return sum(min(hypothesis.get(ngram, 0.0), weight) * weight for ngram, weight in reference.items()) / norms
