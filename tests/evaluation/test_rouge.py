import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rouge_score.rouge_scorer import RougeScorer

from lmkit.evaluation import chinese_characters, longest_common_subsequence, rouge_l, rouge_n
from tests.evaluation.texts import any_texts, chinese_texts, corpora, english_texts


class ByCharacters:
    """The tokenizer for Chinese, as rouge-score takes it."""

    def tokenize(self, text):
        return chinese_characters(text)


def assert_equal_to_rouge_score(hypotheses, references, scorer, **options):
    ours = {
        "rouge1": rouge_n(hypotheses, references, 1, **options),
        "rouge2": rouge_n(hypotheses, references, 2, **options),
        "rougeL": rouge_l(hypotheses, references, **options),
    }
    for number, (hypothesis, texts) in enumerate(zip(hypotheses, references, strict=True)):
        theirs = scorer.score_multi(texts, hypothesis)
        for name, matches in ours.items():
            expected = theirs[name]
            assert matches[number].f1 == pytest.approx(expected.fmeasure, abs=1e-12)
            if len(texts) == 1:  # of two references with the same F1 either may be taken
                assert matches[number].precision == pytest.approx(expected.precision, abs=1e-12)
                assert matches[number].recall == pytest.approx(expected.recall, abs=1e-12)


@settings(max_examples=50, deadline=None)
@given(corpora(english_texts | any_texts))
def test_rouge_of_english_equals_that_of_rouge_score(corpus):
    assert_equal_to_rouge_score(*corpus, RougeScorer(["rouge1", "rouge2", "rougeL"]))


@settings(max_examples=30, deadline=None)
@given(corpora(chinese_texts))
def test_rouge_of_chinese_equals_that_of_rouge_score_by_characters(corpus):
    scorer = RougeScorer(["rouge1", "rouge2", "rougeL"], tokenizer=ByCharacters())
    assert_equal_to_rouge_score(*corpus, scorer, tokenize=chinese_characters)


@pytest.mark.parametrize(
    ("hypothesis", "texts"),
    [
        ("", ["the cat"]),
        ("the cat", [""]),
        ("", [""]),
        ("cat", ["cat"]),
        ("the the the", ["the cat", "the cat"]),
        ("the cat sat on the mat and more", ["the cat"]),
        ("café 猫", ["cafe"]),
    ],
)
def test_edge_cases_equal_rouge_score(hypothesis, texts):
    assert_equal_to_rouge_score([hypothesis], [texts], RougeScorer(["rouge1", "rouge2", "rougeL"]))


@settings(max_examples=50, deadline=None)
@given(st.text("abc", max_size=7), st.text("abc", max_size=7))
def test_the_longest_common_subsequence_is_the_longest_of_all(first, second):
    def subsequences(text):
        return {chosen for length in range(len(text) + 1) for chosen in itertools.combinations(text, length)}

    expected = max(map(len, subsequences(first) & subsequences(second)))
    assert longest_common_subsequence(first, second) == expected


def test_bad_arguments_are_named():
    with pytest.raises(ValueError, match="n=0 must be at least 1"):
        rouge_n(["a"], [["a"]], 0)
    with pytest.raises(ValueError, match="hypotheses is empty"):
        rouge_l([], [])
    with pytest.raises(ValueError, match=r"references\[0\] is empty"):
        rouge_n(["a"], [[]], 1)
