import re

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from lmkit.book import merge_slider, token_chips
from lmkit.book.merge_slider import cut
from lmkit.tokenizers import GPT2_PATTERN, BPETokenizer, train_bpe
from tests.book.test_interactive import Strict, data_of

ENGLISH = "A red kite flew. The red kite fell, and a tree kept the kite."
CHINESE = "红色的风筝飞了。红色的风筝掉了，树留住了风筝。"
MERGES = train_bpe([ENGLISH, CHINESE] * 3, vocab_size=300, progress=False).merges


def pieces(text):
    return regex.findall(GPT2_PATTERN, text)


def figure(**changes):
    return merge_slider(**{"texts": {"English": pieces(ENGLISH), "中文": pieces(CHINESE)}, "merges": MERGES} | changes)


@given(st.lists(st.sampled_from([ENGLISH, CHINESE, "aaaa", "The tree?", "é 风"]), min_size=1, max_size=3))
def test_each_step_is_the_tokenizer_with_so_many_merges(parts):
    text = " ".join(parts) + " kite"
    data = data_of(merge_slider({"text": pieces(text)}, MERGES))
    for number in data["steps"]:
        tokenizer = BPETokenizer(MERGES[:number])
        tokens = [tokenizer.decode_bytes([token_id]) for token_id in tokenizer.encode(text)]
        assert cut(text.encode(), data["texts"][0]["gone"], number) == tokens


def test_a_pair_that_overlaps_itself_is_merged_from_the_left():
    data = data_of(merge_slider({"text": ["aaaaa"]}, [(b"a", b"a"), (b"aa", b"aa")]))
    assert data["texts"][0]["gone"] == [1, 2, 1, 0]


def test_steps_are_the_merges_that_change_a_text_from_none_to_all():
    merges = [(b"x", b"y"), (b"o", b"w"), (b"l", b"ow"), (b"x", b"z")]
    data = data_of(merge_slider({"text": ["low"]}, merges))
    assert data["steps"] == [0, 2, 3, 4]
    assert data["pairs"] == [[], ["o", "w"], ["l", "ow"], ["x", "z"]]
    assert data["texts"] == [{"bytes": [108, 111, 119], "gone": [3, 2]}]


def test_part_of_a_character_is_written_as_bytes():
    kite = "风".encode()
    data = data_of(merge_slider({"text": ["风"]}, [(kite[:1], kite[1:2]), (kite[:2], kite[2:])]))
    assert data["pairs"] == [[], ["E9", "A3"], ["E9-A3", "8E"]]


def test_the_still_picture_counts_tokens():
    still = figure().html.partition('<div class="live"')[0]
    for text in (ENGLISH, CHINESE):
        tokens = len(BPETokenizer(MERGES).encode(text))
        assert f"{len(text.encode())} bytes in {len(text.encode())} tokens" in still
        assert f"vocabulary of 300: {len(text.encode())} bytes in {tokens} tokens" in still


def test_texts_cannot_break_out():
    hostile = "</script><img src=x>"
    for shown in (merge_slider({hostile: [hostile]}, [(b"i", b"m")]), token_chips({hostile: [hostile, "<b>"]})):
        tags = [tag for tag, _ in Strict(shown.html).attributes]
        assert "img" not in tags
        assert tags.count("script") <= 1


def test_chips_show_spaces_and_alternate():
    html = token_chips({"words": ["red", " kite", "\n"]}).html
    assert Strict(html).of("span") == ["red", "␣kite", "⏎"]
    first, second, third = re.findall(r"background: (.*?)\"", html)
    assert first == third != second


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"texts": {}}, "texts is empty"),
        ({"texts": {"English": []}}, r"texts\['English'\] is empty"),
        ({"merges": []}, "none of the 0 merges changes any of the texts"),
        ({"merges": [(b"q", b"q")]}, "none of the 1 merges"),
    ],
)
def test_what_cannot_be_shown_is_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        figure(**changes)


@pytest.mark.parametrize(("rows", "message"), [({}, "rows is empty"), ({"a": []}, r"rows\['a'\] is empty")])
def test_no_chips_are_refused(rows, message):
    with pytest.raises(ValueError, match=message):
        token_chips(rows)
