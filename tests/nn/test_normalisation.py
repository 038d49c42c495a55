import pytest
import torch

from lmkit.nn import LayerNorm, RMSNorm, layer_norm, rms_norm


@pytest.fixture
def x():
    return torch.randn(3, 4, 7, generator=torch.Generator().manual_seed(0), dtype=torch.float64) * 5 + 2


@pytest.mark.parametrize(
    ("module", "function", "reference"),
    [
        (LayerNorm, layer_norm, torch.nn.LayerNorm),
        (RMSNorm, rms_norm, torch.nn.RMSNorm),
    ],
)
def test_function_module_and_torch_agree_with_gradients(x, module, function, reference):
    ours = module(7, eps=1e-3).double()
    theirs = reference(7, eps=1e-3, dtype=torch.float64)
    generator = torch.Generator().manual_seed(1)
    for parameter in ours.parameters():
        parameter.data = torch.randn(7, generator=generator, dtype=torch.float64)
    theirs.load_state_dict(ours.state_dict())
    leaf = x.clone().requires_grad_()
    results = []
    for y in (theirs(leaf), ours(leaf), function(leaf, *ours.parameters(), eps=1e-3)):
        results.append((y, *torch.autograd.grad(y.square().sum(), leaf)))
    for result in results[1:]:
        for value, expected in zip(result, results[0], strict=True):
            torch.testing.assert_close(value, expected, atol=1e-10, rtol=0)


def test_a_layer_norm_without_bias_equals_torch(x):
    ours, theirs = LayerNorm(7, eps=1e-3, bias=False).double(), torch.nn.LayerNorm(7, eps=1e-3, bias=False).double()
    assert [name for name, _ in ours.named_parameters()] == ["weight"]
    torch.testing.assert_close(ours(x), theirs(x), atol=1e-12, rtol=0)


def test_what_each_norm_ignores(x):
    gain, bias = torch.ones(7, dtype=torch.float64), torch.zeros(7, dtype=torch.float64)
    torch.testing.assert_close(
        layer_norm(3 * x + 1, gain, bias, 0.0), layer_norm(x, gain, bias, 0.0), atol=1e-12, rtol=0
    )
    torch.testing.assert_close(rms_norm(3 * x, gain, 0.0), rms_norm(x, gain, 0.0), atol=1e-12, rtol=0)
    assert not torch.allclose(rms_norm(x + 1, gain, 0.0), rms_norm(x, gain, 0.0), atol=1e-3)


def test_a_constant_vector_stays_finite():
    constant = torch.full((1, 7), 4.0)
    assert layer_norm(constant, torch.ones(7), torch.zeros(7)).tolist() == [[0.0] * 7]
    assert rms_norm(torch.zeros(1, 7), torch.ones(7)).tolist() == [[0.0] * 7]
