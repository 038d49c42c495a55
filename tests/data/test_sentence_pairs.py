import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from lmkit.data import Masking, sentence_pair_batches
from lmkit.data.sentence_pairs import FOLLOWING, truncate_pair
from lmkit.functional import IGNORE_ID

CLS, SEP, PAD = 1, 2, 0
DOCUMENTS = [[[10 * d + s] * (s + 1) for s in range(4)] for d in range(1, 9)]


def batches(documents=DOCUMENTS, **kwargs):
    arguments = {"batch_size": 4, "context_length": 12, "cls_id": CLS, "sep_id": SEP, "pad_id": PAD}
    return sentence_pair_batches(documents, **arguments | {"generator": torch.Generator().manual_seed(0)} | kwargs)


def read(batch):
    """Take each row apart at its special tokens."""
    for row, label in zip(batch.inputs.tolist(), batch.labels.tolist(), strict=True):
        assert row[0] == CLS
        first_sep = row.index(SEP)
        second_sep = row.index(SEP, first_sep + 1)
        assert set(row[second_sep + 1 :]) <= {PAD}
        yield row[1:first_sep], row[first_sep + 1 : second_sep], label


def place(sentence):
    return sentence[0] // 10, sentence[0] % 10


@pytest.mark.parametrize("negatives", ["random", "swapped"])
def test_labels_say_what_the_pair_is(negatives):
    num_following = num_pairs = 0
    for batch in batches(negatives=negatives, num_epochs=40):
        for first, second, label in read(batch):
            (document, number), (other, other_number) = place(first), place(second)
            follows = (other, other_number) == (document, number + 1)
            assert follows == (label == FOLLOWING)
            if not follows and negatives == "random":
                assert other != document
            if not follows and negatives == "swapped":
                assert (other, other_number) == (document, number - 1)
            num_following += follows
            num_pairs += 1
    assert num_pairs == 40 * 8 * 3
    assert num_following == pytest.approx(num_pairs / 2, abs=4 * (num_pairs / 4) ** 0.5)


def test_every_sentence_of_every_other_document_can_be_the_negative():
    drawn = set()
    for batch in batches(num_epochs=40):
        for first, second, label in read(batch):
            if label != FOLLOWING:
                (document, _), (other, number) = place(first), place(second)
                drawn.add(((other - document) % len(DOCUMENTS), number))
    assert drawn == {(distance, number) for distance in range(1, len(DOCUMENTS)) for number in range(4)}


def test_segments_and_masks_follow_the_special_tokens():
    for batch in batches():
        for row, (first, second, _) in enumerate(read(batch)):
            expected = [0] * (len(first) + 2) + [1] * (len(second) + 1)
            num_tokens = len(expected)
            assert batch.segment_ids[row].tolist() == expected + [0] * (12 - num_tokens)
            real = [True] * num_tokens + [False] * (12 - num_tokens)
            assert batch.attention_mask[row].tolist() == [real] * 12
        assert (batch.targets == IGNORE_ID).all()


def test_tokens_can_be_hidden_as_well():
    masking = Masking(mask_id=3, vocab_size=100, special_ids=(CLS, SEP, PAD))
    for hidden, plain in zip(batches(masking=masking), batches(), strict=True):
        chosen = hidden.targets != IGNORE_ID
        assert torch.equal(hidden.targets[chosen], plain.inputs[chosen])
        assert torch.equal(hidden.inputs[~chosen], plain.inputs[~chosen])
        assert not (chosen & (plain.inputs <= 2)).any()
        assert chosen.any(-1).all()


@given(st.lists(st.integers(0, 9), min_size=1), st.lists(st.integers(0, 9), min_size=1), st.integers(2, 20))
def test_truncation_equals_cutting_the_longer_token_by_token(first, second, max_tokens):
    expected_first, expected_second = list(first), list(second)
    while len(expected_first) + len(expected_second) > max_tokens:
        longer = expected_first if len(expected_first) >= len(expected_second) else expected_second
        longer.pop()
    assert truncate_pair(first, second, max_tokens) == (expected_first, expected_second)


def test_the_shortest_context_holds_a_token_of_each():
    for batch in batches(context_length=5):
        assert all(len(first) >= 1 and len(second) >= 1 for first, second, _ in read(batch))


@pytest.mark.parametrize(
    ("documents", "wrong", "message"),
    [
        (DOCUMENTS, {"negatives": "hard"}, "negatives='hard' must be 'random' or 'swapped'"),
        (DOCUMENTS, {"context_length": 4}, "context_length=4 must be at least 5"),
        ([[[5], []]], {}, r"documents\[0\] has an empty sentence"),
        ([[[5], [6]], []], {}, r"documents\[1\] has no sentence"),
        ([[[5]], [[6]]], {}, "no document has two sentences"),
        ([[[5], [6]]], {}, "there is only one document"),
    ],
)
def test_bad_arguments_are_named(documents, wrong, message):
    with pytest.raises(ValueError, match=message):
        batches(documents, **wrong)


def test_one_document_is_enough_for_swapped_pairs():
    assert len(list(batches([[[5], [6]]], negatives="swapped"))) == 1
    assert len(list(batches([[[5], [6]], []], negatives="swapped"))) == 1  # nothing is taken from the empty one
