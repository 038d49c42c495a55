"""BLEU: how many of a translation's n-grams occur in a reference."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add, or_
from typing import Literal

import regex

from lmkit.evaluation.words import Tokenize, check_reference_texts, check_references, ngram_counts

MAX_ORDER = 4

_ALONE = regex.compile(r"([!-&(-+/:-@\[-`{-~])")  # ASCII punctuation except apostrophe, comma, hyphen and period
_POINT_AFTER_OTHER = regex.compile(r"([^0-9])([.,])")
_POINT_BEFORE_OTHER = regex.compile(r"([.,])([^0-9])")
_DASH_AFTER_DIGIT = regex.compile(r"([0-9])-")
# U+2001 to U+2A6D are punctuation and symbols. sacrebleu meant the ideographs U+20000 to U+2A6D6 (Extension B), but its
# four-digit codes do not match those, so runs of them are not split. We do the same, to get the same score.
_CHINESE = regex.compile(
    r"([\u2001-\u2A6D\u2E80-\u2FDF\u2FF0-\u303F\u3100-\u312F\u31A0-\u31EF\u3200-\u4DB5\u4E00-\u9FBB"
    r"\uF900-\uFA2D\uFA30-\uFA6A\uFA70-\uFAD9\uFE10-\uFE1F\uFE30-\uFE4F\uFF00-\uFFEF])"
)


def tokenize_13a(text: str) -> list[str]:
    """Split a text into words as the WMT evaluations' scorer does (mteval-v13a).

    Each ASCII punctuation mark becomes a word, except apostrophes, hyphens that do not follow a digit, and periods and
    commas between digits.

    Args:
        text: One sentence.

    Returns:
        The words.

    Example:
        >>> tokenize_13a("It's 3.5 km, isn't it?")
        ["It's", '3.5', 'km', ',', "isn't", 'it', '?']
    """
    text = text.rstrip().replace("<skipped>", "").replace("-\n", "").replace("\n", " ")
    for entity, character in (("&quot;", '"'), ("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">")):
        text = text.replace(entity, character)
    return _split_punctuation(f" {text} ")


def tokenize_zh(text: str) -> list[str]:
    """Split a Chinese text into characters, and text in other scripts into words.

    Args:
        text: One sentence.

    Returns:
        The characters and words.

    Example:
        >>> tokenize_zh("小明有3.5 km。")
        ['小', '明', '有', '3.5', 'km', '。']
    """
    return _split_punctuation(_CHINESE.sub(r" \1 ", text.strip()))


def _split_punctuation(text: str) -> list[str]:
    text = _ALONE.sub(r" \1 ", text)
    text = _POINT_AFTER_OTHER.sub(r"\1 \2 ", text)
    text = _POINT_BEFORE_OTHER.sub(r" \1 \2", text)
    return _DASH_AFTER_DIGIT.sub(r"\1 - ", text).split()


BleuTokenizer = Literal["13a", "zh"]
"""How BLEU splits texts: ``"13a"`` for languages with spaces between words, ``"zh"`` for Chinese."""

_TOKENIZERS: dict[BleuTokenizer, Tokenize] = {"13a": tokenize_13a, "zh": tokenize_zh}


@dataclass(frozen=True, kw_only=True)
class BleuScore:
    r"""The counts that BLEU is computed from. Adding two scores gives the score of both sets of sentences together.

    $\text{BLEU} = 100 \cdot \text{BP} \cdot \left(\prod_{n=1}^4 p_n\right)^{1/4}$ with the brevity penalty
    $\text{BP} = \min(1, e^{1 - r / c})$, where c and r are the lengths of hypotheses and references.

    Args:
        num_matched: For n from 1 to 4, how many n-grams of the hypotheses match a reference.
        num_ngrams: For n from 1 to 4, how many n-grams the hypotheses have.
        hypothesis_length: Number of words in the hypotheses.
        reference_length: Number of words in the references; for each sentence, the reference closest in length counts.

    Example:
        >>> half = BleuScore(num_matched=(2, 1, 1, 1), num_ngrams=(4, 3, 2, 1), hypothesis_length=4, reference_length=4)
        >>> [round(precision) for precision in half.precisions], half.brevity_penalty, round(half.score, 1)
        ([50, 33, 50, 100], 1.0, 53.7)
    """

    num_matched: tuple[int, ...]
    num_ngrams: tuple[int, ...]
    hypothesis_length: int
    reference_length: int

    @property
    def precisions(self) -> tuple[float, ...]:
        """Percentage of matched n-grams for n from 1 to 4.

        The first order without a match counts as half a match, the next as a quarter, and so on. If no order has a
        match, all percentages are 0.
        """
        if not any(self.num_matched):
            return (0.0,) * len(self.num_matched)
        precisions = []
        smoothed = 1.0
        for matched, total in zip(self.num_matched, self.num_ngrams, strict=True):
            if not matched:
                smoothed /= 2
            precisions.append(100 * (matched or smoothed) / total if total else 0.0)
        return tuple(precisions)

    @property
    def brevity_penalty(self) -> float:
        """Factor between 0 and 1; less than 1 for hypotheses shorter than the references."""
        if self.hypothesis_length >= self.reference_length:
            return 1.0
        return math.exp(1 - self.reference_length / self.hypothesis_length) if self.hypothesis_length else 0.0

    @property
    def score(self) -> float:
        """BLEU, between 0 and 100."""
        if not all(self.precisions):
            return 0.0
        return self.brevity_penalty * math.exp(sum(map(math.log, self.precisions)) / len(self.precisions))

    def __add__(self, other: "BleuScore") -> "BleuScore":
        return BleuScore(
            num_matched=tuple(map(add, self.num_matched, other.num_matched)),
            num_ngrams=tuple(map(add, self.num_ngrams, other.num_ngrams)),
            hypothesis_length=self.hypothesis_length + other.hypothesis_length,
            reference_length=self.reference_length + other.reference_length,
        )


def sentence_bleu(hypothesis: str, references: Sequence[str], tokenizer: BleuTokenizer = "13a") -> BleuScore:
    """Count the n-grams of one sentence that occur in its references.

    An n-gram matches at most as often as it occurs in the reference that has it most often. BLEU is a corpus-level
    metric: the score of a single sentence means little, but the counts of many sentences can be added.

    Args:
        hypothesis: The sentence to score.
        references: Correct sentences.
        tokenizer: How to split them into words.

    Returns:
        The counts and the score.

    Raises:
        TypeError: If a string is given in place of a list of references.
        ValueError: If there are no references.

    Example:
        >>> sentence_bleu("the cat sat", ["the cat sat down"]).num_matched
        (3, 2, 1, 0)
    """
    check_reference_texts(references, "references")
    tokenize = _TOKENIZERS[tokenizer]
    words = tokenize(hypothesis)
    reference_words = [tokenize(reference) for reference in references]
    num_matched = []
    for n in range(1, MAX_ORDER + 1):
        in_references: Counter[tuple[str, ...]] = reduce(or_, (ngram_counts(some, n) for some in reference_words))
        num_matched.append((ngram_counts(words, n) & in_references).total())
    return BleuScore(
        num_matched=tuple(num_matched),
        num_ngrams=tuple(max(0, len(words) - n) for n in range(MAX_ORDER)),
        hypothesis_length=len(words),
        reference_length=min(map(len, reference_words), key=lambda length: (abs(length - len(words)), length)),
    )


def bleu(hypotheses: Sequence[str], references: Sequence[Sequence[str]], tokenizer: BleuTokenizer = "13a") -> BleuScore:
    """BLEU of a corpus, equal to sacrebleu's: the n-grams of all sentences are counted before precisions are computed.

    Args:
        hypotheses: Sentences to score.
        references: For each of them, a list of correct sentences.
        tokenizer: How to split them into words.

    Returns:
        The counts; the property ``score`` is between 0 and 100.

    Raises:
        TypeError: If a string is given in place of a list of references.
        ValueError: If there is nothing to score, the lengths differ, or a sentence has no reference.

    Source:
        Papineni et al. (2002); Post (2018). Smoothing: Chen and Cherry (2014), method 3.

    Example:
        >>> score = bleu(["the cat sat on the mat"], [["the cat is on the mat", "a cat sat on a mat"]])
        >>> [round(precision) for precision in score.precisions], round(score.score, 1)
        ([100, 100, 50, 17], 53.7)
    """
    check_references(hypotheses, references)
    return reduce(add, (sentence_bleu(*pair, tokenizer) for pair in zip(hypotheses, references, strict=True)))


def bleu_signature(references: Sequence[Sequence[str]], tokenizer: BleuTokenizer = "13a") -> str:
    """Describe how a BLEU score was computed, in sacrebleu's format; only scores with equal signatures are comparable.

    Args:
        references: The references given to :func:`bleu`.
        tokenizer: The tokenizer given to :func:`bleu`.

    Returns:
        Number of references, case, effective order, tokenizer and smoothing.

    Example:
        >>> bleu_signature([["the cat"]])
        'nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp'
    """
    numbers = {len(texts) for texts in references}
    return f"nrefs:{numbers.pop() if len(numbers) == 1 else 'var'}|case:mixed|eff:no|tok:{tokenizer}|smooth:exp"
