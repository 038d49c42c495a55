from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lmkit.storyworld import StoryWorld
from lmkit.tasks import LabelledSpan, bio_tags, first_tokens, spans_of_tags, tags_of_words, word_spans
from lmkit.tokenizers import BPETokenizer, train_wordpiece

TEXTS = st.text("aB é\u0301天地3_.,!'\n", max_size=30)


@settings(max_examples=300, deadline=None)
@given(TEXTS, st.data())
def test_tags_say_where_the_spans_are(text, data):
    words = word_spans(text)
    cuts = sorted(data.draw(st.sets(st.integers(0, len(words)))))
    spans = tuple(
        LabelledSpan(words[first][0], words[end - 1][1], label)
        for first, end in pairwise(cuts)
        if (label := data.draw(st.sampled_from(["X", "Y", None])))
    )
    tags = tags_of_words(words, spans)
    assert spans_of_tags(words, tags) == spans
    assert set(tags) <= set(bio_tags("XY"))


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_words_are_all_that_is_not_space(text):
    words = word_spans(text)
    assert "".join(text[start:end] for start, end in words) == "".join(text.split())
    assert all(
        end - start == 1 or text[start:end].replace("_", "a").isalnum() or "\u0301" in text for start, end in words
    )


def test_neighbouring_pieces_stay_apart():
    words = word_spans("Anna Tom Oslo ran")
    spans = (LabelledSpan(0, 4, "PERSON"), LabelledSpan(5, 8, "PERSON"), LabelledSpan(9, 13, "PLACE"))
    assert tags_of_words(words, spans) == ["B-PERSON", "B-PERSON", "B-PLACE", "O"]


def test_pieces_that_cut_words_take_whole_words():
    words = word_spans("non-stop flight")
    assert tags_of_words(words, [LabelledSpan(1, 6, "X")]) == ["B-X", "I-X", "I-X", "O"]
    assert tags_of_words(words, [LabelledSpan(0, 5, "X"), LabelledSpan(5, 8, "Y")]) == ["B-X", "I-X", "I-X", "O"]


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        (["I-X", "I-X", "O"], [(0, 3, "X")]),
        (["B-X", "I-Y", "I-Y"], [(0, 1, "X"), (2, 5, "Y")]),
        (["B-X", "O", "I-X"], [(0, 1, "X"), (4, 5, "X")]),
        (["B-X", "B-X", "I-X"], [(0, 1, "X"), (2, 5, "X")]),
    ],
)
def test_tags_that_no_text_has_are_read_too(tags, expected):
    assert list(spans_of_tags([(0, 1), (2, 3), (4, 5)], tags)) == expected


def test_the_first_token_of_each_word():
    story = next(iter(StoryWorld().stories(1, seed=0)))
    words = word_spans(story.text)
    for tokenizer in (train_wordpiece([story.text], 80, progress=False), BPETokenizer([(b" ", b"t"), (b"e", b".")])):
        _, offsets = tokenizer.encode_with_offsets(story.text)
        for (start, _), token in zip(words, first_tokens(words, offsets), strict=True):
            covering = [n for n, (first, last) in enumerate(offsets) if first <= start < last]
            assert token == covering[0]
    assert first_tokens([(0, 1), (1, 2), (3, 4)], [(0, 2)]) == [0, 0, None]
