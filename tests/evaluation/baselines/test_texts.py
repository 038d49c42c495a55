import pytest

from lmkit.evaluation.baselines import lead_sentences, word_overlap


@pytest.mark.parametrize(
    ("text", "num_sentences", "lead"),
    [
        ("One! Two? Three.", 1, "One!"),
        ("One! Two? Three.", 2, "One! Two?"),
        ("One! Two? Three.", 5, "One! Two? Three."),
        ("It costs 3.50 now. Go.", 1, "It costs 3.50 now."),
        ("他来了。她走了。", 1, "他来了。"),
        ("no end", 1, "no end"),
        ("", 1, ""),
    ],
)
def test_lead(text, num_sentences, lead):
    assert lead_sentences(text, num_sentences) == lead


def test_the_lead_is_one_sentence():
    assert lead_sentences("One. Two. Three.") == "One."


def test_no_sentences_are_refused():
    with pytest.raises(ValueError, match="num_sentences=0 must be at least 1"):
        lead_sentences("One.", 0)


def test_overlap_is_the_share_of_common_words():
    assert word_overlap("a b c", "b c d d") == 2 / 4
    assert word_overlap("a b", "B A!") == 1
    assert word_overlap("a", "b") == word_overlap("", "") == 0
    assert word_overlap("好天", "坏天", tokenize=list) == 1 / 3
