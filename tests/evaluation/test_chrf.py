import pytest
from hypothesis import given, settings
from sacrebleu.metrics import CHRF

from lmkit.evaluation import chrf, sentence_chrf
from tests.evaluation.texts import any_texts, chinese_texts, corpora, english_texts, transposed


def assert_equal_to_sacrebleu(hypotheses, references):
    for words, metric in ((False, CHRF()), (True, CHRF(word_order=2))):
        ours = chrf(hypotheses, references, words=words).score
        assert ours == pytest.approx(metric.corpus_score(hypotheses, transposed(references)).score, abs=1e-10)


@settings(max_examples=50, deadline=None)
@given(corpora(english_texts | chinese_texts | any_texts))
def test_chrf_equals_that_of_sacrebleu(corpus):
    assert_equal_to_sacrebleu(*corpus)


@pytest.mark.parametrize(
    ("hypotheses", "references"),
    [
        ([""], [["the cat"]]),
        (["the cat"], [[""]]),
        ([""], [[""]]),
        (["c"], [["c"]]),
        (["cat"], [["cat", "cat", "cat"]]),
        (["(hi) 'tis (sat. ..."], [["(hi) 'tis sat ."]]),
        (["the cat sat on the mat and more"], [["the cat"]]),
        (["ab", "abcdefgh"], [["abcdefg"], ["ab", "xy"]]),
        (["小明有苹果"], [["小红有苹果。"]]),
    ],
)
def test_edge_cases_equal_sacrebleu(hypotheses, references):
    assert_equal_to_sacrebleu(hypotheses, references)


def test_white_space_counts_for_words_only():
    assert chrf(["thecat sat"], [["the cat sat"]]).score == pytest.approx(100)
    assert chrf(["thecat sat"], [["the cat sat"]], words=True).score < 99


def test_a_corpus_is_the_sum_of_its_sentences():
    hypotheses, references = ["the cat sat", "a b"], [["the cat sits", "the mat"], ["a b c"]]
    first, second = (sentence_chrf(*pair, words=True) for pair in zip(hypotheses, references, strict=True))
    assert first + second == chrf(hypotheses, references, words=True)


def test_bad_arguments_are_named():
    with pytest.raises(ValueError, match="hypotheses is empty"):
        chrf([], [])
    with pytest.raises(ValueError, match=r"references\[0\] is empty"):
        chrf(["a"], [[]])
    with pytest.raises(ValueError, match="references is empty"):
        sentence_chrf("a", [])
    with pytest.raises(TypeError, match="references='the cat' must be a list of texts"):
        sentence_chrf("a cat", "the cat")
