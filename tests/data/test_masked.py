import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from lmkit.data import Masking, masked_batches
from lmkit.functional import IGNORE_ID

SPECIAL = (0, 1, 2, 3)
MASKING = Masking(mask_id=3, vocab_size=1000, special_ids=SPECIAL)


def randomness(seed=0):
    return np.random.default_rng(seed)


@given(st.lists(st.integers(0, 20), min_size=1, max_size=60), st.integers(0, 2**32))
def test_only_chosen_tokens_change_and_no_special_one_is_chosen(token_ids, seed):
    token_ids = torch.tensor(token_ids)
    inputs, targets = MASKING.apply(token_ids, randomness(seed))
    chosen = targets != IGNORE_ID
    assert torch.equal(inputs[~chosen], token_ids[~chosen])
    assert torch.equal(targets[chosen], token_ids[chosen])
    ordinary = ~torch.isin(token_ids, torch.tensor(SPECIAL))
    assert not (chosen & ~ordinary).any()
    num_ordinary = int(ordinary.sum())
    assert chosen.sum() == min(max(1, round(0.15 * num_ordinary)), num_ordinary)


def test_fates_come_in_the_stated_shares():
    token_ids = torch.randint(4, 1000, (200_000,), generator=torch.Generator().manual_seed(0))
    inputs, targets = MASKING.apply(token_ids, randomness())
    chosen = targets != IGNORE_ID
    number = int(chosen.sum())
    assert number == 30_000
    counts = [(inputs[chosen] == 3).sum(), (inputs[chosen] == token_ids[chosen]).sum()]
    for count, share in zip(counts, (0.8, 0.1 + 0.1 / 996), strict=True):  # a random token can be the same one
        assert int(count) == pytest.approx(share * number, abs=4 * (share * (1 - share) * number) ** 0.5)
    random = inputs[chosen & (inputs != 3) & (inputs != token_ids)]
    assert random.min() >= 4
    assert random.max() < 1000
    assert len(random.unique()) > 900


def test_places_are_chosen_evenly():
    counts = sum((MASKING.apply(torch.full((20,), 9), randomness(seed))[1] != IGNORE_ID).int() for seed in range(4000))
    expected = 4000 * 3 / 20
    assert (counts - expected).abs().max() < 4.5 * (expected * (1 - 3 / 20)) ** 0.5


words = st.lists(st.integers(1, 5), min_size=1, max_size=20)


@given(words, st.integers(0, 2**32))
def test_words_are_chosen_as_a_whole(lengths, seed):
    starts_word = torch.zeros(20, dtype=torch.bool)
    starts_word[10:15] = True
    masking = Masking(mask_id=3, vocab_size=20, special_ids=SPECIAL, share=0.5, starts_word=starts_word)
    token_ids = torch.tensor([token_id for length in lengths for token_id in [10, 16, 17, 18, 19][:length]])
    _, targets = masking.apply(token_ids, randomness(seed))
    chosen = (targets != IGNORE_ID).tolist()
    start = 0
    sizes = []
    for length in lengths:
        word = chosen[start : start + length]
        assert all(word) or not any(word)
        sizes.append(sum(word))
        start += length
    wanted = max(1, round(0.5 * len(token_ids)))
    assert sum(sizes) >= 1
    assert sum(sizes) <= max(wanted, max(lengths))


def test_a_special_token_ends_a_word():
    starts_word = torch.zeros(20, dtype=torch.bool)
    masking = Masking(mask_id=3, vocab_size=20, special_ids=SPECIAL, share=0.5, starts_word=starts_word)
    results = {
        tuple((masking.apply(torch.tensor([15, 16, 2, 17, 18]), randomness(seed))[1] != IGNORE_ID).tolist())
        for seed in range(50)
    }
    assert results == {(True, True, False, False, False), (False, False, False, True, True)}


def test_each_epoch_hides_other_tokens():
    token_stream = torch.arange(4, 104)
    batches = masked_batches(
        token_stream,
        MASKING,
        batch_size=1,
        context_length=100,
        generator=torch.Generator().manual_seed(0),
        num_epochs=3,
    )
    hidden = [tuple((batch.targets[0] != IGNORE_ID).tolist()) for batch in batches]
    assert len(set(hidden)) == 3


def test_unshuffled_windows_come_in_order():
    token_stream = torch.arange(4, 44)
    generator = torch.Generator().manual_seed(0)
    batches = masked_batches(token_stream, MASKING, batch_size=4, context_length=10, generator=generator, shuffle=False)
    batch = next(batches)
    original = torch.where(batch.targets == IGNORE_ID, batch.inputs, batch.targets)
    assert torch.equal(original, token_stream.view(4, 10))


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"share": 0.0}, "share=0.0 must be greater than 0 and at most 1"),
        ({"share": 1.5}, "share=1.5 must be greater than 0"),
        ({"mask_id": 10}, "token id 10 is out of range for vocab_size=10"),
        ({"special_ids": (1, -2)}, "token id -2 is out of range for vocab_size=10"),
        ({"starts_word": torch.zeros(9, dtype=torch.bool)}, "starts_word has 9 entries for vocab_size=10"),
        ({"special_ids": tuple(range(10))}, "all 10 ids are special"),
    ],
)
def test_bad_arguments_are_named(wrong, message):
    with pytest.raises(ValueError, match=message):
        Masking(**{"mask_id": 3, "vocab_size": 10} | wrong)


def test_a_share_of_one_chooses_every_ordinary_token():
    masking = Masking(mask_id=3, vocab_size=1000, special_ids=SPECIAL, share=1.0)
    _, targets = masking.apply(torch.tensor([0, 7, 8, 1, 9]), randomness())
    assert (targets != IGNORE_ID).tolist() == [False, True, True, False, True]


def test_documents_are_told_apart_by_the_ends_that_the_text_has_even_where_they_are_hidden():
    token_stream = torch.tensor([5, 6, 4, 7, 8, 4, 9, 10])
    masking = Masking(mask_id=3, vocab_size=20, share=1.0)
    options = {"batch_size": 2, "context_length": 4, "generator": torch.Generator().manual_seed(0), "shuffle": False}
    batch = next(masked_batches(token_stream, masking, end_of_text_id=4, **options))
    assert (batch.targets == token_stream.view(2, 4)).all()  # every token is predicted, the ends too
    assert batch.segment_ids.tolist() == [[0, 0, 0, 1], [0, 0, 1, 1]]
    assert batch.attention_mask[0].int().tolist() == [[1, 1, 1, 0], [1, 1, 1, 0], [1, 1, 1, 0], [0, 0, 0, 1]]
    assert batch.attention_mask[1].int().tolist() == [[1, 1, 0, 0], [1, 1, 0, 0], [0, 0, 1, 1], [0, 0, 1, 1]]
    whole = next(masked_batches(token_stream, masking, **options))
    assert whole.segment_ids is whole.attention_mask is None


def test_a_remainder_of_the_stream_is_left_and_ranks_share_the_windows():
    token_stream = torch.arange(4, 49)  # four windows of ten, and five tokens
    seen = []
    for rank in range(2):
        generator = torch.Generator().manual_seed(0)
        batches = masked_batches(
            token_stream, MASKING, batch_size=1, context_length=10, generator=generator, rank=rank, world_size=2
        )
        originals = [torch.where(batch.targets == IGNORE_ID, batch.inputs, batch.targets)[0] for batch in batches]
        seen.append({int(window[0]) for window in originals})
    assert sorted(seen[0] | seen[1]) == [4, 14, 24, 34]
    assert len(seen[0]) == len(seen[1]) == 2
