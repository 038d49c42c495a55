import jaxtyping
import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode

from lmkit.functional import IGNORE_ID, cross_entropy
from lmkit.training import linear_cross_entropy
from lmkit.training.chunked import ROWS_PER_CHUNK

B, T, D, V = 3, 7, 5, 13


@pytest.fixture(autouse=True)
def four_rows_at_a_time(monkeypatch):
    """21 rows, of which the last chunk holds one."""
    monkeypatch.setitem(ROWS_PER_CHUNK, "cpu", 4)


@pytest.fixture
def case():
    generator = torch.Generator().manual_seed(0)

    def normal(*shape):
        return torch.randn(*shape, generator=generator, dtype=torch.float64, requires_grad=True)

    targets = torch.randint(V, (B, T), generator=generator)
    targets[0, 1:6] = IGNORE_ID
    return normal(B, T, D), normal(V, D), normal(V), targets


@pytest.mark.parametrize("smoothing", [0.0, 0.1, 1.0])
@pytest.mark.parametrize("with_bias", [False, True])
def test_loss_and_gradients_equal_the_plain_ones(case, smoothing, with_bias):
    hidden, weight, bias, targets = case
    inputs = (hidden, weight, bias) if with_bias else (hidden, weight)
    logits = hidden @ weight.T + (bias if with_bias else 0)
    expected = cross_entropy(logits, targets, smoothing)
    ours = linear_cross_entropy(hidden, weight, targets, bias=bias if with_bias else None, label_smoothing=smoothing)
    torch.testing.assert_close(ours, expected, atol=1e-12, rtol=0)
    expected_grads = torch.autograd.grad(3 * expected, inputs)
    for gradient, expected_gradient in zip(torch.autograd.grad(3 * ours, inputs), expected_grads, strict=True):
        torch.testing.assert_close(gradient, expected_gradient, atol=1e-12, rtol=0)


def test_gradcheck(case):
    hidden, weight, bias, targets = case
    assert torch.autograd.gradcheck(
        lambda h, w, b: linear_cross_entropy(h, w, targets, bias=b, label_smoothing=0.1), (hidden, weight, bias)
    )


def test_fp32_equals_the_plain_one_to_one_in_a_million(monkeypatch):
    monkeypatch.setitem(ROWS_PER_CHUNK, "cpu", 16)
    generator = torch.Generator().manual_seed(0)
    hidden = torch.randn(8, 32, 64, generator=generator, requires_grad=True)
    weight = (0.3 * torch.randn(1000, 64, generator=generator)).requires_grad_()
    targets = torch.randint(1000, (8, 32), generator=generator)
    ours, plain = linear_cross_entropy(hidden, weight, targets), cross_entropy(hidden @ weight.T, targets)
    torch.testing.assert_close(ours, plain, rtol=1e-6, atol=0)
    for ours_grad, plain_grad in zip(
        torch.autograd.grad(ours, (hidden, weight)), torch.autograd.grad(plain, (hidden, weight)), strict=True
    ):
        assert (ours_grad - plain_grad).norm() <= 1e-6 * plain_grad.norm()


def test_bf16_autocast_keeps_the_softmax_and_the_sums_in_fp32(case):
    hidden, weight, _, targets = (tensor.float() if tensor.is_floating_point() else tensor for tensor in case)
    hidden, weight = hidden.detach().requires_grad_(), weight.detach().requires_grad_()
    with torch.autocast("cpu", dtype=torch.bfloat16):
        ours = linear_cross_entropy(hidden, weight, targets)
        plain = cross_entropy((hidden @ weight.T).float(), targets)
    assert ours.dtype == torch.float32
    torch.testing.assert_close(ours, plain, rtol=1e-5, atol=0)
    for ours_grad, plain_grad in zip(
        torch.autograd.grad(ours, (hidden, weight)), torch.autograd.grad(plain, (hidden, weight)), strict=True
    ):
        assert ours_grad.dtype == torch.float32
        assert (ours_grad - plain_grad).norm() <= 2**-7 * plain_grad.norm()  # bf16 has 8 significant bits


def test_gradients_are_made_only_for_what_trains(case):
    hidden, weight, _, targets = case
    linear_cross_entropy(hidden, weight.detach(), targets).backward()
    assert hidden.grad is not None


class LargestTensor(TorchDispatchMode):
    def __init__(self):
        super().__init__()
        self.numel = 0

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        result = function(*args, **(kwargs or {}))
        if isinstance(result, torch.Tensor):
            self.numel = max(self.numel, result.numel())
        return result


def test_the_full_logits_are_never_held(case):
    hidden, weight, _, targets = case
    with LargestTensor() as plain:
        cross_entropy(hidden @ weight.T, targets).backward()
    with LargestTensor() as ours:
        linear_cross_entropy(hidden, weight, targets).backward()
    assert plain.numel == B * T * V
    assert ours.numel == max(B * T * D, V * D)


def test_nothing_scored_is_zero_with_zero_gradient(case):
    hidden, weight, _, targets = case
    loss = linear_cross_entropy(hidden, weight, torch.full_like(targets, IGNORE_ID))
    loss.backward()
    assert loss.item() == 0
    assert not hidden.grad.any()
    assert not weight.grad.any()


def test_without_gradients_none_are_made(case):
    hidden, weight, _, targets = case
    with torch.no_grad():
        loss = linear_cross_entropy(hidden, weight, targets)
    assert not loss.requires_grad
    torch.testing.assert_close(loss, cross_entropy(hidden @ weight.T, targets).detach(), atol=1e-12, rtol=0)


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
@pytest.mark.parametrize("offset", [0.0, 1e4, -1e7])
def test_a_large_offset_costs_no_more_digits_than_in_torch(offset, smoothing):
    generator = torch.Generator().manual_seed(0)
    hidden, weight = torch.randn(8, 4, generator=generator), torch.randn(50, 4, generator=generator)
    bias, targets = torch.full((50,), offset), torch.arange(8)
    logits = hidden @ weight.T + bias
    exact = torch.nn.functional.cross_entropy(logits.double(), targets, label_smoothing=smoothing)
    theirs = torch.nn.functional.cross_entropy(logits, targets, label_smoothing=smoothing)
    ours = linear_cross_entropy(hidden, weight, targets, bias=bias, label_smoothing=smoothing)
    # Ours adds the bias within the product, so a logit may differ by its last digit.
    last_digit = 2**-24 * max(abs(offset), 10)
    assert (ours - exact).abs() <= 2 * (theirs - exact).abs() + last_digit


@pytest.mark.filterwarnings("ignore:.*autograd.function.Function.* should not be instantiated:DeprecationWarning")
@pytest.mark.parametrize("target", [-1, -101, V])
def test_a_target_outside_the_vocabulary_is_an_error_compiled_or_not(case, target, monkeypatch):
    hidden, weight, _, targets = case
    targets[2, 3] = target
    with pytest.raises(ValueError, match=f"targets has the id {target}: it must be at least 0 and less than {V}"):
        linear_cross_entropy(hidden, weight, targets)
    monkeypatch.setattr(jaxtyping.config, "jaxtyping_disable", True)  # the checks of shapes do not compile
    with pytest.raises(RuntimeError, match="out of bounds"):
        torch.compile(linear_cross_entropy, backend="aot_eager")(hidden, weight, targets)


def test_a_bad_smoothing_is_named(case):
    hidden, weight, _, targets = case
    with pytest.raises(ValueError, match=r"label_smoothing=-0.1 must be between 0 and 1"):
        linear_cross_entropy(hidden, weight, targets, label_smoothing=-0.1)
