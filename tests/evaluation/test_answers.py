import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lmkit.evaluation import answer_f1, answer_words, chinese_characters, exact_match
from tests.evaluation.texts import corpora, english_texts

PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"


def words_by_hand(text):
    """What SQuAD leaves of an answer, letter by letter."""
    kept = "".join(letter for letter in text.lower() if letter not in PUNCTUATION)
    # An article is a word between two ends of words, where letters, digits and the underscore make words.
    words, word = [], ""
    for letter in kept + " ":
        if letter.isalnum() or letter == "_":
            word += letter
        else:
            words += [" " if word in ("a", "an", "the") else word, letter]
            word = ""
    return "".join(words).split()


def best_by_hand(prediction, references):
    best = 0.0
    for reference in references:
        said, right = words_by_hand(prediction), words_by_hand(reference)
        left = list(right)
        shared = 0
        for word in said:
            if word in left:
                left.remove(word)
                shared += 1
        if not said or not right:
            f1 = float(said == right)
        elif shared == 0:
            f1 = 0.0
        else:
            precision, recall = shared / len(said), shared / len(right)
            f1 = 2 * precision * recall / (precision + recall)
        best = max(best, f1)
    return best


plain = st.text(alphabet="abet hn.,'-\n ", max_size=15) | english_texts


@settings(max_examples=60, deadline=None)
@given(plain)
def test_answers_lose_case_punctuation_and_articles(text):
    assert answer_words(text) == words_by_hand(text)


@settings(max_examples=60, deadline=None)
@given(corpora(plain))
def test_scores_equal_the_definition_written_out(corpus):
    predictions, references = corpus
    expected = [best_by_hand(*pair) for pair in zip(predictions, references, strict=True)]
    assert answer_f1(predictions, references) == pytest.approx(expected)
    right = [
        any(words_by_hand(text) == words_by_hand(prediction) for text in texts)
        for prediction, texts in zip(predictions, references, strict=True)
    ]
    assert exact_match(predictions, references) == right


@pytest.mark.parametrize(
    ("prediction", "reference", "match", "f1"),
    [
        ("", "", 1, 1),
        ("the", "", 1, 1),
        ("", "ball", 0, 0),
        ("ball", "", 0, 0),
        ("ball", "The ball!", 1, 1),
        ("ball ball", "ball", 0, 2 / 3),
        ("ball red", "red ball", 0, 1),
        ("café", "cafe", 0, 0),
    ],
)
def test_edge_cases(prediction, reference, match, f1):
    assert exact_match([prediction], [[reference]]) == [match]
    assert answer_f1([prediction], [[reference]]) == pytest.approx([f1])


def test_chinese_answers_are_compared_by_characters():
    predictions, references = ["红色的球。", "绿球"], [["红色的球"], ["红球"]]
    assert exact_match(predictions, references, chinese_characters) == [1, 0]
    assert answer_f1(predictions, references, chinese_characters) == [1, 0.5]


def test_the_best_reference_counts():
    assert exact_match(["red"], [["green", "red"]]) == [1]
    assert answer_f1(["red ball"], [["green", "red", "green"]]) == pytest.approx([2 / 3])


@pytest.mark.parametrize("score", [exact_match, answer_f1])
def test_bad_arguments_are_named(score):
    with pytest.raises(ValueError, match="is empty"):
        score([], [])
    with pytest.raises(ValueError, match="has 1 entries"):
        score(["red"], [])
    with pytest.raises(ValueError, match=r"references\[0\] is empty"):
        score(["red"], [[]])
