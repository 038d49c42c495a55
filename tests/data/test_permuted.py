import pytest
import torch

from lmkit.data import permuted_batches
from lmkit.functional import IGNORE_ID

STREAM = torch.arange(100, 220)


def batches(**kwargs):
    sizes = {"batch_size": 4, "context_length": 12, "generator": torch.Generator().manual_seed(0)}
    return permuted_batches(STREAM, **sizes | kwargs)


def test_targets_are_the_last_of_the_order_in_their_own_places():
    for batch in batches():
        places = batch.query_mask.sum(-1)
        assert torch.equal(places.sort(-1).values, torch.arange(12).expand(len(places), 12))
        scored = batch.targets != IGNORE_ID
        assert torch.equal(scored, places >= 10)
        assert torch.equal(batch.targets[scored], batch.inputs[scored])


def test_the_query_stream_cannot_see_its_target():
    """Two layers of sums along the masks: what reaches the query of a position is only what comes before it."""
    batch = next(batches(batch_size=1))
    embeddings = torch.eye(12, dtype=torch.float64, requires_grad=True)
    content = batch.attention_mask[0].double() @ embeddings
    query = batch.query_mask[0].double() @ content
    places = batch.query_mask[0].sum(-1)
    for position in range(12):
        (gradient,) = torch.autograd.grad(query[position].sum(), embeddings, retain_graph=True)
        seen = gradient.abs().sum(-1) > 0
        assert torch.equal(seen, places < places[position])


def test_orders_are_all_equally_likely():
    counts = torch.zeros(3, 3)
    for batch in batches(context_length=3, num_epochs=30):
        places = batch.query_mask.sum(-1)
        counts += torch.nn.functional.one_hot(places, 3).sum(0)
    expected = 40 * 30 / 3
    assert (counts - expected).abs().max() < 4.5 * (expected * 2 / 3) ** 0.5


def test_at_least_one_token_is_scored():
    batch = next(batches(context_length=2))
    assert torch.equal((batch.targets != IGNORE_ID).sum(-1), torch.ones(4, dtype=torch.long))


@pytest.mark.parametrize("share", [0.0, 1.1])
def test_a_bad_share_is_named(share):
    with pytest.raises(ValueError, match=f"predicted_share={share} must be greater than 0 and at most 1"):
        batches(predicted_share=share)


def test_a_share_of_one_scores_every_token():
    batch = next(batches(predicted_share=1.0))
    assert torch.equal(batch.targets, batch.inputs)
