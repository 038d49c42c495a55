import pytest
import torch

from lmkit.training import Muon, orthogonalize
from lmkit.training.muon import CUBIC, QUINTIC

SHAPES = [(4, 4), (3, 7), (7, 3), (1, 5)]


def random_matrix(shape, seed=0):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("coefficients", [QUINTIC, CUBIC])
@pytest.mark.parametrize("num_steps", [0, 1, 5])
def test_singular_values_go_through_the_polynomial(shape, coefficients, num_steps):
    matrix = random_matrix(shape)
    u, s, vt = torch.linalg.svd(matrix, full_matrices=False)
    s = s / s.norm()
    for _ in range(num_steps):
        s = sum(factor * s**power for factor, power in zip(coefficients, (1, 3, 5), strict=True))
    found = orthogonalize(matrix, num_steps=num_steps, coefficients=coefficients)
    torch.testing.assert_close(found, u @ s.diag() @ vt, atol=1e-12, rtol=0)


@pytest.mark.parametrize("shape", SHAPES)
def test_the_cubic_converges_to_the_nearest_orthogonal_matrix(shape):
    matrix = random_matrix(shape)
    u, _, vt = torch.linalg.svd(matrix, full_matrices=False)
    found = orthogonalize(matrix, num_steps=40, coefficients=CUBIC)
    torch.testing.assert_close(found, u @ vt, atol=1e-12, rtol=0)


def test_zeros_stay_zeros_and_the_argument_stays():
    matrix = torch.zeros(3, 2)
    assert torch.equal(orthogonalize(matrix), matrix)
    given = random_matrix((3, 2))
    kept = given.clone()
    orthogonalize(given)
    assert torch.equal(given, kept)


def train_100_steps(make_optimizer):
    """Two matrices of a nonlinear regression, in float64."""
    weights = [random_matrix((6, 4), 1).requires_grad_(), random_matrix((4, 5), 2).requires_grad_()]
    x, y = random_matrix((16, 6), 3), random_matrix((16, 5), 4)
    optimizer = make_optimizer(weights)
    for step in range(100):
        optimizer.param_groups[0]["lr"] *= 0.99
        optimizer.zero_grad()
        ((x @ weights[0]).tanh() @ weights[1] - y + 0.1 * (step % 7)).square().mean().backward()
        optimizer.step()
    return weights


@pytest.mark.parametrize(
    "options",
    [
        {"lr": 0.02, "weight_decay": 0.0},
        {"lr": 0.02},
        {"lr": 0.02, "momentum": 0.8, "weight_decay": 0.3},
    ],
)
def test_100_steps_equal_torchs(options, monkeypatch):
    """PyTorch rounds the iteration to bfloat16; without that the steps are equal."""
    monkeypatch.setattr(torch.Tensor, "bfloat16", lambda tensor: tensor.clone())
    for weight, expected in zip(
        train_100_steps(lambda weights: Muon(weights, **options)),
        train_100_steps(lambda weights: torch.optim.Muon(weights, **options)),
        strict=True,
    ):
        torch.testing.assert_close(weight, expected, atol=1e-10, rtol=0)


def test_fewer_steps_are_taken_as_torchs(monkeypatch):
    monkeypatch.setattr(torch.Tensor, "bfloat16", lambda tensor: tensor.clone())
    ours = train_100_steps(lambda weights: Muon(weights, 0.02, num_steps=2))
    theirs = train_100_steps(lambda weights: torch.optim.Muon(weights, 0.02, ns_steps=2))
    torch.testing.assert_close(ours, theirs, atol=1e-10, rtol=0)


def test_the_least_of_every_setting_is_allowed():
    weight = random_matrix((3, 2)).requires_grad_()
    before = weight.detach().clone()
    weight.grad = random_matrix((3, 2), 1)
    Muon([weight], 0.0, momentum=0.0, weight_decay=0.0, num_steps=0).step()
    assert torch.equal(weight, before)
    Muon([weight], 0.5, momentum=0.0, weight_decay=0.0, num_steps=0).step()  # the gradient divided by its norm
    expected = before - 0.5 * (3 / 2) ** 0.5 * weight.grad / weight.grad.norm()
    torch.testing.assert_close(weight.detach(), expected, atol=1e-12, rtol=0)


def test_what_has_no_gradient_stays():
    weight, idle = random_matrix((3, 2)).requires_grad_(), random_matrix((2, 2)).requires_grad_()
    before = idle.detach().clone()
    one = Muon([weight, idle], 0.1)
    weight.square().sum().backward()
    one.step()
    assert torch.equal(idle, before)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Muon([torch.ones(2, 2, requires_grad=True)], -1.0), "lr=-1.0, .* must not be negative"),
        (lambda: Muon([torch.ones(2, 2, requires_grad=True)], 1.0, num_steps=-1), "num_steps=-1 must not be"),
        (lambda: Muon([torch.ones(2, 2, requires_grad=True)], 1.0, momentum=1.0), r"momentum=1.0 must be in \[0, 1\)"),
        (lambda: Muon([torch.ones(3, requires_grad=True)], 1.0), r"shape \(3,\), but Muon trains matrices only"),
        (lambda: orthogonalize(torch.ones(2, 2), num_steps=-1), "num_steps=-1 must be at least 0"),
    ],
)
def test_bad_settings_are_named(make, message):
    with pytest.raises(ValueError, match=message):
        make()
