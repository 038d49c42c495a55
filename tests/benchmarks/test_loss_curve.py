"""The loss curves of both contenders in a tiny size."""

import pytest
import torch

from benchmarks import loss_curve, training
from lmkit.data import Batch
from lmkit.models import GPTConfig

CONFIG = GPTConfig(vocab_size=11, context_length=8, d_model=16, num_layers=1, num_heads=2)


def counting(num_batches, seed=0):
    """Texts in which each token is followed by the next number."""
    starts = torch.randint(11, (num_batches, 16, 1), generator=torch.Generator().manual_seed(seed))
    tokens = (starts + torch.arange(9)) % 11
    return [Batch(inputs=rows[:, :-1].contiguous(), targets=rows[:, 1:].contiguous()) for rows in tokens]


def test_both_learn_and_are_validated_before_and_while_they_do():
    found = loss_curve.curves(CONFIG, counting(60), counting(2, seed=1), steps_between=20)
    assert list(found) == ["lmkit", "transformers"]
    for curve in found.values():
        seconds, losses = zip(*curve, strict=True)
        assert len(seconds) == 4
        assert sorted(set(seconds)) == list(seconds)
        assert losses[0] == pytest.approx(torch.tensor(11.0).log().item(), abs=0.3)
        assert losses[-1] < losses[0] - 0.3


def test_losses_are_read_off_at_equal_times():
    rows = loss_curve.at_equal_times({"lmkit": [(0.0, 5.0), (10.0, 1.0)], "transformers": [(0.0, 5.0), (20.0, 1.0)]})
    assert rows[0] == pytest.approx((1.0, 4.6, 4.8))
    assert rows[-1] == pytest.approx((10.0, 1.0, 3.0))


def test_the_peer_has_as_many_parameters_and_takes_a_step():
    model = training.transformers_model(CONFIG)
    assert model.num_parameters() == sum(weight.numel() for weight in training.GPT(CONFIG).parameters())
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-2)
    first, *_, last = [training.transformers_update(model, optimizer, batch) for batch in counting(30)]
    assert last < first - 0.5
