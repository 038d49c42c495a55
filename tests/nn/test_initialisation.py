import math

import pytest
import torch

from lmkit.nn import FeedForward, initialise


def test_spread_of_the_matrices_and_of_those_that_write_to_the_stream():
    layer = FeedForward(d_model=200, d_ff=300, activation="relu")
    initialise(layer, seed=0, num_residual_layers=8)
    assert layer.inner.weight.std().item() == pytest.approx(0.02, rel=0.02)
    assert layer.output.weight.std().item() == pytest.approx(0.02 / math.sqrt(16), rel=0.02)
    assert (layer.inner.bias == 0).all()
    initialise(layer, seed=0)
    assert layer.output.weight.std().item() == pytest.approx(0.02, rel=0.02)


def test_global_randomness_is_neither_read_nor_changed():
    layer = FeedForward(d_model=3, d_ff=4, activation="relu")
    torch.manual_seed(5)
    state = torch.get_rng_state()
    initialise(layer, seed=0)
    first = layer.inner.weight.clone()
    assert torch.equal(torch.get_rng_state(), state)
    torch.manual_seed(6)
    initialise(layer, seed=0)
    assert torch.equal(layer.inner.weight, first)
