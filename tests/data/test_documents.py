import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from lmkit.data import document_batches
from lmkit.functional import IGNORE_ID

END = 0
documents = st.lists(st.lists(st.integers(1, 9), max_size=7), min_size=1)


def rows(batch):
    """The documents of a batch, after a check that inputs and targets are shifted copies."""
    for inputs, targets in zip(batch.inputs, batch.targets, strict=True):
        scored = targets != IGNORE_ID
        length = int(scored.sum())
        assert scored[:length].all()
        *document, end = targets[:length].tolist()
        assert end == END
        assert inputs[:length].tolist() == [END, *document]
        yield document


@given(documents, st.integers(8, 20))
def test_every_document_has_a_row_and_no_batch_is_too_large(documents, tokens_per_batch):
    found = []
    for batch in document_batches(documents, tokens_per_batch=tokens_per_batch, end_of_text_id=END):
        assert batch.inputs.numel() <= tokens_per_batch
        found += rows(batch)
    assert sorted(found) == sorted(documents)
    assert [len(document) for document in found] == sorted(map(len, documents))


def test_similar_lengths_leave_little_padding():
    lengths = [5, 100] * 50
    batches = document_batches([[1] * n for n in lengths], tokens_per_batch=404, end_of_text_id=END)
    assert all((batch.targets != IGNORE_ID).all() for batch in batches)
    assert len(batches) == 1 + 13  # 50 rows of 6 tokens, and 50 of 101 at 4 to a batch


def test_shuffling_changes_the_order_of_batches_in_each_epoch():
    generator = torch.Generator().manual_seed(0)
    batches = document_batches(
        [[number] for number in range(1, 41)], tokens_per_batch=2, end_of_text_id=END, generator=generator, num_epochs=2
    )
    read = [document[0] for batch in batches for document in rows(batch)]
    assert sorted(read[:40]) == sorted(read[40:]) == list(range(1, 41))
    assert list(range(1, 41)) not in (read[:40], read[40:])
    assert read[:40] != read[40:]


def test_a_document_that_does_not_fit_is_named():
    with pytest.raises(ValueError, match=r"documents\[1\] has 4 tokens.*tokens_per_batch=4"):
        document_batches([[1, 2, 3], [1, 2, 3, 4]], tokens_per_batch=4, end_of_text_id=END)
