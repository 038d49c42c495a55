import pytest
import torch

from lmkit.functional import IGNORE_ID
from lmkit.tasks import InputFormat, standard_format
from lmkit.tokenizers import BPETokenizer, WordPieceTokenizer

TOKENS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"abcdef", *(f"##{letter}" for letter in "abcdef")]
WORDPIECE = WordPieceTokenizer({token: number for number, token in enumerate(TOKENS)})
PAD, CLS, SEP = 0, 2, 3
GPT_END = 256


def bert_format(context_length=12):
    return standard_format(WORDPIECE, context_length)


def gpt_format(context_length=12):
    return standard_format(BPETokenizer([], ["<|endoftext|>"]), context_length)


def test_one_text():
    row = bert_format().row("ab c")
    assert row.token_ids == [CLS, *WORDPIECE.encode("ab c"), SEP]
    assert row.segment_ids == [0] * 5
    assert row.offsets == [(0, 0), (0, 1), (1, 2), (3, 4), (0, 0)]
    assert not row.is_truncated


def test_two_texts():
    row = bert_format().row("a b", "cd")
    assert row.token_ids == [CLS, *WORDPIECE.encode("a b"), SEP, *WORDPIECE.encode("cd"), SEP]
    assert row.segment_ids == [0, 0, 0, 0, 1, 1, 1]
    assert row.offsets == [(0, 0), (0, 1), (2, 3), (0, 0), (0, 1), (1, 2), (0, 0)]


def test_texts_for_gpt():
    row = gpt_format().row("ab", "c")
    assert row.token_ids == [97, 98, GPT_END, 99, GPT_END]
    assert row.segment_ids == [0, 0, 0, 1, 1]
    assert gpt_format().row("").token_ids == [GPT_END]


@pytest.mark.parametrize(
    ("first", "second", "keep_first", "expected"),
    [
        ("abcdef", None, False, "[CLS] abcd [SEP]"),
        ("abcd", None, False, "[CLS] abcd [SEP]"),
        ("abcdef", "a", False, "[CLS] ab [SEP] a [SEP]"),
        ("ab", "abcdef", False, "[CLS] a [SEP] ab [SEP]"),
        ("ab", "abcdef", True, "[CLS] ab [SEP] a [SEP]"),
        ("a", "abcdef", True, "[CLS] a [SEP] ab [SEP]"),
        ("abcdef", None, True, "[CLS] abcd [SEP]"),
    ],
)
def test_what_is_too_long_is_truncated(first, second, keep_first, expected):
    row = bert_format(6).row(first, second, keep_first=keep_first)
    assert WORDPIECE.decode(row.token_ids) == expected
    assert row.is_truncated == (first != "abcd")
    assert len(row.token_ids) == len(row.segment_ids) == len(row.offsets) == 6


def test_a_batch_is_padded_to_its_longest_row():
    bert = bert_format()
    rows = [bert.row("a"), bert.row("ab", "cd")]
    batch = bert.batch(rows)
    assert batch.inputs.tolist() == [[*rows[0].token_ids, *[PAD] * 4], rows[1].token_ids]
    assert batch.segment_ids.tolist() == [[0] * 7, rows[1].segment_ids]
    assert (batch.targets == IGNORE_ID).all()
    assert batch.attention_mask.shape == (2, 7, 7)
    expected = torch.tensor([[True] * 3 + [False] * 4, [True] * 7]).unsqueeze(1).expand(-1, 7, -1)
    assert torch.equal(batch.attention_mask, expected)


def test_what_cannot_be_done_is_named():
    with pytest.raises(ValueError, match="context_length=4 must be at least 5"):
        InputFormat(tokenizer=WORDPIECE, context_length=4, separator_id=SEP, pad_id=PAD)
    with pytest.raises(ValueError, match="first='abc' has 3 tokens and leaves no room"):
        bert_format(6).row("abc", "a", keep_first=True)
    with pytest.raises(ValueError, match=r"neither \[CLS\], \[SEP\] and \[PAD\] nor <|endoftext|>, only \['<pad>'\]"):
        standard_format(BPETokenizer([], ["<pad>"]), 8)
