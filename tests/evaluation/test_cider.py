import itertools
import math

import pytest
from hypothesis import given, settings

from lmkit.evaluation import chinese_characters, cider_d, lowercase_words
from tests.evaluation.texts import chinese_texts, corpora, english_texts


def published_cider_d(hypotheses, references, tokenize, divide):
    """Equations 1 to 4 of Vedantam et al. (2015) and CIDEr-D's changes, over all n-grams at once."""

    def ngrams(text, n):
        words = tokenize(text)
        return [tuple(words[start : start + n]) for start in range(len(words) - n + 1)]

    scores = []
    for hypothesis, texts in zip(hypotheses, references, strict=True):
        total = 0.0
        for n in (1, 2, 3, 4):
            vocabulary = {gram for some in [hypothesis, *itertools.chain(*references)] for gram in ngrams(some, n)}

            def tf_idf(gram, text, n=n):
                grams = ngrams(text, n)
                term_frequency = grams.count(gram) / (len(grams) if divide else 1) if grams else 0
                images = sum(any(gram in ngrams(other, n) for other in others) for others in references)
                return term_frequency * math.log(len(references) / max(1, images))

            for text in texts:
                g_c = [tf_idf(gram, hypothesis) for gram in vocabulary]
                g_s = [tf_idf(gram, text) for gram in vocabulary]
                norms = math.sqrt(sum(x * x for x in g_c)) * math.sqrt(sum(x * x for x in g_s))
                product = sum(min(x, y) * y for x, y in zip(g_c, g_s, strict=True))
                penalty = math.exp(-((len(tokenize(hypothesis)) - len(tokenize(text))) ** 2) / (2 * 6**2))
                total += 10 / len(texts) * penalty * (product / norms if norms else 0) / 4
        scores.append(total)
    return scores


@pytest.mark.parametrize("divide", [True, False])
@settings(max_examples=15, deadline=None)
@given(corpus=corpora(english_texts, min_size=2, max_references=2))
def test_cider_d_equals_the_published_definition(divide, corpus):
    expected = published_cider_d(*corpus, lowercase_words, divide)
    assert cider_d(*corpus, relative_counts=divide) == pytest.approx(expected, abs=1e-10)


@settings(max_examples=15, deadline=None)
@given(corpora(chinese_texts, min_size=2, max_references=2))
def test_cider_d_of_chinese_equals_the_published_definition(corpus):
    expected = published_cider_d(*corpus, chinese_characters, divide=True)
    assert cider_d(*corpus, chinese_characters) == pytest.approx(expected, abs=1e-10)


OTHERS = [["a dog runs home through the rain"], ["two birds sing in a tree"]]


def score(hypothesis, *references):
    return cider_d([hypothesis, "", ""], [list(references), *OTHERS])[0]


def test_by_hand():
    # Every word is in one of two examples and weighs log 2. Hypothesis and reference share one of two words: the
    # clipped cosine is 1/2 for single words and 0 for the longer n-grams.
    assert cider_d(["red ball", "dog"], [["red box"], ["dog"]]) == pytest.approx([10 * 0.5 / 4, 10 / 4])


def test_the_reference_itself_scores_10_and_nothing_0():
    reference = "a red ball lies on the table"
    assert score(reference, reference) == pytest.approx(10)
    assert score(reference, reference, reference) == pytest.approx(10)
    assert score("", reference) == 0
    assert score(reference, "") == 0
    assert score("completely different words stand here", reference) == 0


def test_words_that_every_example_has_weigh_nothing():
    assert cider_d(["the", "the"], [["the cat"], ["the dog"]]) == [0, 0]


def test_repetition_and_length_cost():
    reference = "a red ball lies on the table"
    assert score(reference + " red ball red ball red ball", reference) < score(reference, reference)
    assert score("red", "red") > score("red red red red", "red")


def test_one_token_scores_the_quarter_that_single_words_make():
    assert score("ball", "ball") == pytest.approx(10 / 4)


def test_bad_arguments_are_named():
    with pytest.raises(ValueError, match="hypotheses has 1 entry, at least 2 are needed"):
        cider_d(["a"], [["a"]])
    with pytest.raises(ValueError, match="hypotheses is empty"):
        cider_d([], [])
    with pytest.raises(ValueError, match=r"references\[1\] is empty"):
        cider_d(["a", "b"], [["a"], []])
