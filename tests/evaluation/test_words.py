import pytest
from hypothesis import given, settings
from rouge_score.tokenize import tokenize

from lmkit.evaluation import chinese_characters, lowercase_words
from lmkit.evaluation.words import check_references
from tests.evaluation.texts import any_texts, english_texts


@settings(max_examples=60, deadline=None)
@given(any_texts | english_texts)
def test_words_are_those_of_rouge_score(text):
    assert lowercase_words(text) == tokenize(text, stemmer=None)


@pytest.mark.parametrize(
    ("text", "characters"),
    [
        ("", []),
        ("，。！? ", []),
        ("他们,来了。", ["他", "们", "来", "了"]),
        ("买3.5个iPad Pro", ["买", "3", "5", "个", "ipad", "pro"]),
        ("Ａ１号", ["ａ１", "号"]),
        ("人々は𠀀", ["人", "々", "は", "𠀀"]),
        ("cafe\u0301", ["cafe\u0301"]),
    ],
)
def test_chinese_characters_stand_alone(text, characters):
    assert chinese_characters(text) == characters


def test_references_must_be_lists_and_fit():
    with pytest.raises(ValueError, match="hypotheses has 1 entries and references 2"):
        check_references(["a"], [["a"], ["b"]])
    with pytest.raises(ValueError, match="hypotheses is empty"):
        check_references([], [])
    with pytest.raises(TypeError, match=r"references\[1\]='b' must be a list of texts"):
        check_references(["a", "b"], [["a"], "b"])
    with pytest.raises(ValueError, match=r"references\[1\] is empty"):
        check_references(["a", "b"], [["a"], []])
