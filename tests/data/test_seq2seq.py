import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from lmkit.data import seq2seq_batches
from lmkit.functional import IGNORE_ID

tokens = st.integers(3, 9)
pairs = st.lists(st.tuples(st.lists(tokens, min_size=1, max_size=6), st.lists(tokens, max_size=6)), min_size=1)


def batches(pairs, **kwargs):
    return seq2seq_batches(pairs, **{"batch_size": 3, "start_id": 1, "end_id": 2, "pad_id": 0} | kwargs)


@given(pairs)
def test_pairs_can_be_read_off_the_batches(pairs):
    found = []
    for batch in batches(pairs):
        for row in range(len(batch.inputs)):
            source = batch.source_ids[row][batch.source_mask[row]].tolist()
            targets = batch.targets[row][batch.targets[row] != IGNORE_ID].tolist()
            inputs = batch.inputs[row][batch.targets[row] != IGNORE_ID].tolist()
            assert targets[-1] == 2
            assert inputs == [1, *targets[:-1]]
            assert (batch.inputs[row][len(inputs) :] == 0).all()
            assert (batch.source_ids[row][~batch.source_mask[row]] == 0).all()
            found.append((source, targets[:-1]))
    assert found == pairs


def test_shuffled_pairs_stay_together():
    pairs = [([number] * 2, [number]) for number in range(3, 50)]
    generator = torch.Generator().manual_seed(0)
    order = []
    for batch in batches(pairs, generator=generator):
        assert torch.equal(batch.source_ids[:, 0], batch.targets[:, 0])
        order += batch.source_ids[:, 0].tolist()
    assert sorted(order) == list(range(3, 50))
    assert order != sorted(order)


def test_bad_pairs_are_named():
    with pytest.raises(ValueError, match=r"pairs\[1\] has an empty source"):
        batches([([3], [4]), ([], [5])])
    with pytest.raises(ValueError, match="there is no example"):
        batches([])
