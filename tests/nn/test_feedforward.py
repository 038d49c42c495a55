import pytest
import torch
from torch.nn import functional as F

from lmkit.nn import FeedForward, SwiGLU, gelu, gelu_tanh, silu
from lmkit.nn.feedforward import KERNELS


@pytest.mark.parametrize(("function", "name"), [(gelu, "gelu"), (gelu_tanh, "gelu_tanh"), (silu, "silu")])
def test_formulas_equal_the_kernels(function, name):
    x = torch.linspace(-8, 8, 401, dtype=torch.float64)
    torch.testing.assert_close(function(x), KERNELS[name](x), atol=1e-12, rtol=0)


def test_the_tanh_approximation_is_as_close_as_stated():
    x = torch.linspace(-8, 8, 4001, dtype=torch.float64)
    assert 1e-4 < (gelu_tanh(x) - gelu(x)).abs().max() < 5e-4


@pytest.mark.parametrize("activation", sorted(KERNELS))
def test_feed_forward_follows_its_formula(activation):
    layer = FeedForward(d_model=3, d_ff=5, activation=activation).double()
    x = torch.randn(2, 4, 3, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    first, second = layer.inner, layer.output
    expected = KERNELS[activation](x @ first.weight.T + first.bias) @ second.weight.T + second.bias
    torch.testing.assert_close(layer(x), expected, atol=1e-12, rtol=0)


def test_swiglu_follows_its_formula():
    layer = SwiGLU(d_model=3, d_ff=5).double()
    x = torch.randn(2, 4, 3, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    gate, up = layer.gate_and_up.weight.split(5)
    expected = (F.silu(x @ gate.T) * (x @ up.T)) @ layer.output.weight.T
    torch.testing.assert_close(layer(x), expected, atol=1e-12, rtol=0)


def test_without_biases_there_are_none():
    layer = FeedForward(d_model=3, d_ff=5, activation="relu", bias=False)
    assert [name for name, _ in layer.named_parameters()] == ["inner.weight", "output.weight"]
    assert not layer(torch.zeros(2, 3)).any()
