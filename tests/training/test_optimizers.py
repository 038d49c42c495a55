import copy
import math

import pytest
import torch
from torch import nn

from lmkit.training import SGD, AdamW, Muon, clip_gradients, decay_groups, fused_adamw


def train_1000_steps(make_optimizer):
    """A small nonlinear regression, in float64."""
    generator = torch.Generator().manual_seed(0)
    weights = [torch.randn(6, 4, generator=generator, dtype=torch.float64), torch.ones(4, dtype=torch.float64)]
    weights = [weight.requires_grad_() for weight in weights]
    x = torch.randn(16, 6, generator=generator, dtype=torch.float64)
    y = torch.randn(16, 4, generator=generator, dtype=torch.float64)
    optimizer = make_optimizer(weights)
    for step in range(1000):
        optimizer.param_groups[0]["lr"] *= 0.999  # a schedule changes the rate from step to step
        optimizer.zero_grad()
        ((x @ weights[0]).tanh() * weights[1] - y + 0.1 * (step % 7)).square().mean().backward()
        optimizer.step()
    return weights


@pytest.mark.parametrize(
    ("ours", "theirs", "options"),
    [
        (SGD, torch.optim.SGD, {"lr": 0.05}),
        (SGD, torch.optim.SGD, {"lr": 0.05, "momentum": 0.9}),
        (AdamW, torch.optim.AdamW, {"lr": 0.01}),
        (AdamW, torch.optim.AdamW, {"lr": 0.01, "betas": (0.8, 0.95), "eps": 1e-4, "weight_decay": 0.3}),
        (AdamW, torch.optim.AdamW, {"lr": 0.01, "betas": (0.0, 0.9), "eps": 0.0, "weight_decay": 0.0}),
        (AdamW, torch.optim.AdamW, {"lr": 0.0}),
        (SGD, torch.optim.SGD, {"lr": 0.0}),
    ],
)
def test_1000_steps_equal_torchs(ours, theirs, options):
    for weight, expected in zip(
        train_1000_steps(lambda weights: ours(weights, **options)),
        train_1000_steps(lambda weights: theirs(weights, **options)),
        strict=True,
    ):
        torch.testing.assert_close(weight, expected, atol=1e-10, rtol=0)


@pytest.mark.parametrize("make", [lambda p: SGD(p, 0.1, momentum=0.9), lambda p: AdamW(p, 0.1), lambda p: Muon(p, 0.1)])
def test_state_moves_to_a_new_optimizer(make):
    generator = torch.Generator().manual_seed(0)
    weight = torch.randn(3, 2, generator=generator, dtype=torch.float64, requires_grad=True)
    one = make([weight])
    weight.square().sum().backward()
    one.step()
    twin = weight.detach().clone().requires_grad_()
    other = make([twin])
    other.load_state_dict(copy.deepcopy(one.state_dict()))
    for parameter, optimizer in ((weight, one), (twin, other)):
        optimizer.zero_grad()
        parameter.square().sum().backward()
        optimizer.step()
    assert torch.equal(weight, twin)


@pytest.mark.parametrize("max_norm", [0.1, 5.0, 1000.0, math.inf])
def test_clipping_equals_torchs(max_norm):
    generator = torch.Generator().manual_seed(0)
    weights = [torch.zeros(size, dtype=torch.float64, requires_grad=True) for size in ((6, 4), (4,), (3,))]
    for weight in weights[:2]:  # the third has no gradient
        weight.grad = 3 * torch.randn(weight.shape, generator=generator, dtype=torch.float64)
    theirs = copy.deepcopy(weights)
    for weight, twin in zip(weights[:2], theirs, strict=False):
        twin.grad = weight.grad.clone()
    norm = clip_gradients(weights, max_norm)
    torch.testing.assert_close(norm, nn.utils.clip_grad_norm_(theirs, max_norm), atol=1e-12, rtol=0)
    for weight, twin in zip(weights[:2], theirs, strict=False):
        torch.testing.assert_close(weight.grad, twin.grad, atol=1e-12, rtol=0)


def test_clipping_nothing_is_zero_and_a_norm_of_zero_is_refused():
    assert clip_gradients([torch.zeros(2, requires_grad=True)], 1.0) == 0
    with pytest.raises(ValueError, match="max_norm=0.0 must be greater than 0"):
        clip_gradients([], 0.0)


def test_parameters_without_gradient_stay():
    weight = torch.ones(2, requires_grad=True)
    for optimizer in (SGD([weight], 0.1), AdamW([weight], 0.1)):
        optimizer.step()
    assert torch.equal(weight, torch.ones(2))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda p: SGD(p, -1.0), "lr=-1.0 must not be negative"),
        (lambda p: SGD(p, 1.0, momentum=1.0), r"momentum=1.0 must be in \[0, 1\)"),
        (lambda p: AdamW(p, 1.0, weight_decay=-0.1), "weight_decay=-0.1 must not be negative"),
        (lambda p: AdamW(p, 1.0, betas=(0.9, 1.0)), r"betas=\(0.9, 1.0\) must be in"),
    ],
)
def test_bad_settings_are_named(make, message):
    with pytest.raises(ValueError, match=message):
        make([torch.ones(1, requires_grad=True)])


def test_only_trained_matrices_decay():
    model = nn.Sequential(nn.Embedding(5, 4), nn.Linear(4, 4), nn.LayerNorm(4), nn.Linear(4, 2, bias=False))
    model[3].requires_grad_(False)
    decaying, rest = decay_groups(model, 0.1)
    assert [p is q for p, q in zip(decaying["params"], [model[0].weight, model[1].weight], strict=True)] == [True] * 2
    assert len(rest["params"]) == 3
    assert (decaying["weight_decay"], rest["weight_decay"]) == (0.1, 0.0)
    optimizer = fused_adamw(model, 1e-3, weight_decay=0.1)
    assert optimizer.defaults["fused"]
    assert optimizer.param_groups[0]["betas"] == (0.9, 0.95)
