import math

import pytest
from hypothesis import example, given, settings
from sacrebleu.metrics import BLEU
from sacrebleu.tokenizers.tokenizer_13a import Tokenizer13a
from sacrebleu.tokenizers.tokenizer_zh import TokenizerZh

from lmkit.evaluation import BleuScore, bleu, bleu_signature, sentence_bleu, tokenize_13a, tokenize_zh
from tests.evaluation.texts import any_texts, chinese_texts, corpora, english_texts, transposed


@settings(max_examples=60, deadline=None)
@given(english_texts | any_texts | chinese_texts)
@example("a-\nb <skipped> &quot;x&quot; &lt;b&gt; 1,000.50-. it's")
def test_words_are_those_of_sacrebleu(text):
    assert tokenize_13a(text) == Tokenizer13a()(text.rstrip()).split()
    assert tokenize_zh(text) == TokenizerZh()(text.rstrip()).split()


def test_every_character_is_cut_as_sacrebleu_cuts_it():
    theirs = TokenizerZh()
    for first in [*range(0, 0xD800, 256), *range(0xE000, 0x11000, 256), 0x1F600, 0x20000, 0x2A600, 0x2F800]:
        text = " ".join(f"a{chr(code)}b" for code in range(first, first + 256))
        assert tokenize_zh(text) == theirs(text).split(), hex(first)


def assert_equal_to_sacrebleu(hypotheses, references, tokenizer):
    ours = bleu(hypotheses, references, tokenizer)
    metric = BLEU(tokenize=tokenizer)
    theirs = metric.corpus_score(hypotheses, transposed(references))
    assert ours.score == pytest.approx(theirs.score, abs=1e-10)
    assert ours.precisions == pytest.approx(theirs.precisions, abs=1e-10)
    assert ours.brevity_penalty == pytest.approx(theirs.bp, abs=1e-10)
    assert (ours.hypothesis_length, ours.reference_length) == (theirs.sys_len, theirs.ref_len)
    assert (list(ours.num_matched), list(ours.num_ngrams)) == (theirs.counts, theirs.totals)
    version = f"|version:{metric.get_signature().info['version']}"
    assert bleu_signature(references, tokenizer) + version == str(metric.get_signature())


@settings(max_examples=60, deadline=None)
@given(corpora(english_texts))
def test_bleu_of_english_equals_that_of_sacrebleu(corpus):
    assert_equal_to_sacrebleu(*corpus, "13a")


@settings(max_examples=60, deadline=None)
@given(corpora(chinese_texts))
def test_bleu_of_chinese_equals_that_of_sacrebleu(corpus):
    assert_equal_to_sacrebleu(*corpus, "zh")


@pytest.mark.parametrize(
    ("hypotheses", "references"),
    [
        ([""], [["the cat"]]),
        (["the cat"], [[""]]),
        (["", ""], [["", "a"], [""]]),
        (["cat"], [["cat"]]),
        (["the cat sat on the mat"], [["the cat sat on the mat"] * 3]),
        (["the the the the the the the"], [["the cat is on the mat", "there is a cat on the mat"]]),
        (["the cat sat on the mat and more and more"], [["the cat sat on"]]),
        (["a b c d e f", "x y z"], [["a b x d y f"], ["x q z"]]),  # matches of order 1 only: smoothed twice
        (["naïve café 😀 a b c"], [["naïve café 😀 a b c d"]]),
        (["a b c d"], [["a b c d e", "a b c"]]),  # of two references that are equally close, the shorter one
    ],
)
def test_edge_cases_equal_sacrebleu(hypotheses, references):
    assert_equal_to_sacrebleu(hypotheses, references, "13a")


def test_words_are_those_of_13a_unless_told_otherwise():
    hypothesis, references = "小明有 3", ["小明有 4"]
    assert sentence_bleu(hypothesis, references) == sentence_bleu(hypothesis, references, "13a")
    assert bleu([hypothesis], [references]) == bleu([hypothesis], [references], "13a")
    assert bleu([hypothesis], [references]) != bleu([hypothesis], [references], "zh")
    assert bleu_signature([references]) == bleu_signature([references], "13a")


def test_a_perfect_translation_scores_100_and_a_foreign_one_0():
    text = "the cat sat on the mat"
    assert bleu([text], [["a dog ran", text]]).score == pytest.approx(100)
    assert bleu(["le chat est assis là"], [[text]]).score == 0


def test_the_brevity_penalty_by_hand():
    score = bleu(["the cat sat on"], [["the cat sat on the mat"]])
    assert score.score == pytest.approx(100 * math.exp(1 - 6 / 4))


def test_a_corpus_is_the_sum_of_its_sentences():
    hypotheses, references = ["the cat sat on the mat", "a b"], [["the cat sat on a mat"], ["a b", "b c d"]]
    parts = [sentence_bleu(*pair) for pair in zip(hypotheses, references, strict=True)]
    assert parts[0] + parts[1] == bleu(hypotheses, references)
    assert isinstance(parts[0], BleuScore)


def test_bad_arguments_are_named():
    with pytest.raises(ValueError, match="hypotheses is empty"):
        bleu([], [])
    with pytest.raises(ValueError, match="hypotheses has 2 entries and references 1"):
        bleu(["a", "b"], [["a"]])
    with pytest.raises(ValueError, match=r"references\[0\] is empty"):
        bleu(["a"], [[]])
    with pytest.raises(ValueError, match="references is empty"):
        sentence_bleu("a", [])
    with pytest.raises(TypeError, match="references='the cat' must be a list of texts"):
        sentence_bleu("a cat", "the cat")
