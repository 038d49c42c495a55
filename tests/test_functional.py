import math

import pytest
import torch
from scipy import special, stats

from lmkit.functional import (
    IGNORE_ID,
    cross_entropy,
    entropy,
    kl_divergence,
    log_softmax,
    logsumexp,
    softmax,
    target_log_probs,
)


@pytest.fixture
def logits():
    return torch.randn(5, 7, 11, generator=torch.Generator().manual_seed(0), dtype=torch.float64) * 3


def test_logsumexp_equals_scipy(logits):
    torch.testing.assert_close(
        logsumexp(logits), torch.tensor(special.logsumexp(logits.numpy(), axis=-1)), atol=1e-12, rtol=0
    )


def test_logsumexp_neither_overflows_nor_underflows():
    logits = torch.tensor([[1000.0, 1000.0], [-1000.0, -1000.0], [-math.inf, 0.0], [-math.inf, -math.inf]])
    expected = torch.tensor([1000 + math.log(2), -1000 + math.log(2), 0.0, -math.inf])
    torch.testing.assert_close(logsumexp(logits), expected)


def test_softmax_equals_torch_at_any_temperature(logits):
    for temperature in (0.1, 1.0, 7.5):
        expected = torch.softmax(logits / temperature, dim=-1)
        torch.testing.assert_close(softmax(logits, temperature), expected, atol=1e-12, rtol=0)
    torch.testing.assert_close(log_softmax(logits), torch.log_softmax(logits, dim=-1), atol=1e-12, rtol=0)


@pytest.mark.parametrize("offset", [0.0, 1e4, -1e4, 1e7, -1e8])
@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (softmax, lambda logits: torch.softmax(logits, dim=-1)),
        (lambda logits: softmax(logits, 0.1), lambda logits: torch.softmax(logits / 0.1, dim=-1)),
        (log_softmax, lambda logits: torch.log_softmax(logits, dim=-1)),
        (logsumexp, lambda logits: torch.logsumexp(logits, dim=-1)),
        (
            lambda logits: target_log_probs(logits, torch.arange(40)),
            lambda logits: -torch.nn.functional.cross_entropy(logits, torch.arange(40), reduction="none"),
        ),
        (
            lambda logits: cross_entropy(logits, torch.arange(40), 0.1),
            lambda logits: torch.nn.functional.cross_entropy(logits, torch.arange(40), label_smoothing=0.1),
        ),
    ],
)
def test_a_large_offset_costs_no_more_digits_than_in_torch(ours, theirs, offset):
    logits = 3 * torch.randn(40, 50, generator=torch.Generator().manual_seed(0)) + offset
    exact = theirs(logits.double())
    our_error, their_error = (function(logits).double() - exact for function in (ours, theirs))
    assert our_error.abs().max() <= 2 * their_error.abs().max()


def test_probabilities_of_huge_logits_sum_to_one():
    assert softmax(torch.tensor([1e8, 1e8 + 8])).sum() == 1
    assert softmax(torch.tensor([3e38, 1.0]), temperature=1e-6).tolist() == [1.0, 0.0]
    assert cross_entropy(torch.tensor([[1e7, 1e7 + 1]]), torch.tensor([1])).item() == pytest.approx(0.3132617)


@pytest.mark.parametrize("temperature", [0.0, -1.0, math.nan])
def test_softmax_names_a_bad_temperature(temperature, logits):
    with pytest.raises(ValueError, match=f"temperature={temperature} must be greater than 0"):
        softmax(logits, temperature)


def test_entropy_and_kl_equal_scipy(logits):
    p, q = softmax(logits), softmax(logits.flip(-1))
    expected = torch.tensor(stats.entropy(p.numpy(), axis=-1))
    torch.testing.assert_close(entropy(p), expected, atol=1e-12, rtol=0)
    expected = torch.tensor(stats.entropy(p.numpy(), q.numpy(), axis=-1))
    torch.testing.assert_close(kl_divergence(p, q), expected, atol=1e-12, rtol=0)


def test_kl_at_the_edges():
    certain, fair = torch.tensor([1.0, 0.0]), torch.tensor([0.5, 0.5])
    assert entropy(certain) == 0
    assert kl_divergence(certain, fair).item() == pytest.approx(math.log(2))
    assert kl_divergence(fair, certain) == math.inf


@pytest.mark.parametrize("label_smoothing", [0.0, 0.1, 1.0])
def test_cross_entropy_and_its_gradient_equal_torch(logits, label_smoothing):
    targets = torch.randint(11, (5, 7), generator=torch.Generator().manual_seed(1))
    targets[0, :3] = IGNORE_ID
    ours, theirs = logits.clone().requires_grad_(), logits.clone().requires_grad_()
    loss = cross_entropy(ours, targets, label_smoothing)
    expected = torch.nn.functional.cross_entropy(
        theirs.flatten(0, 1), targets.flatten(), ignore_index=IGNORE_ID, label_smoothing=label_smoothing
    )
    torch.testing.assert_close(loss, expected, atol=1e-12, rtol=0)
    loss.backward()
    expected.backward()
    torch.testing.assert_close(ours.grad, theirs.grad, atol=1e-12, rtol=0)


def test_cross_entropy_of_uniform_logits_is_log_v():
    assert cross_entropy(torch.zeros(3, 50), torch.tensor([0, 7, 49])).item() == pytest.approx(math.log(50))


def test_cross_entropy_refuses_what_it_cannot_score():
    with pytest.raises(ValueError, match="all 2 targets are IGNORE_ID"):
        cross_entropy(torch.zeros(2, 3), torch.full((2,), IGNORE_ID))
    for label_smoothing in (-0.1, 1.5):
        with pytest.raises(ValueError, match=f"label_smoothing={label_smoothing} must be between 0 and 1"):
            cross_entropy(torch.zeros(1, 3), torch.tensor([0]), label_smoothing)


def test_targets_are_checked_on_the_cpu_alone():
    """Elsewhere, looking at them would wait for the device; on the meta device there is nothing to look at."""
    logits, targets = torch.zeros(4, 3, device="meta"), torch.zeros(4, dtype=torch.long, device="meta")
    assert target_log_probs(logits, targets).shape == (4,)


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_half_precision_logits_are_scored_in_fp32(dtype):
    """The logits are what they are; their scores are as good as fp32 makes them, also as a sum of thousands."""
    logits = (3 * torch.randn(4_000, 50, generator=torch.Generator().manual_seed(0))).to(dtype)
    targets = torch.arange(4_000) % 50
    exact = torch.log_softmax(logits.double(), dim=-1)
    scored = exact.gather(-1, targets[:, None]).squeeze(-1)
    torch.testing.assert_close(log_softmax(logits).double(), exact, atol=1e-5, rtol=0)
    torch.testing.assert_close(softmax(logits).double(), exact.exp(), atol=1e-6, rtol=0)
    torch.testing.assert_close(logsumexp(logits).double(), logits.double().logsumexp(-1), atol=1e-5, rtol=0)
    torch.testing.assert_close(target_log_probs(logits, targets).sum().double(), scored.sum(), atol=0, rtol=1e-6)
    torch.testing.assert_close(cross_entropy(logits, targets).double(), -scored.mean(), atol=0, rtol=1e-6)


@pytest.mark.parametrize("target", [-1, -99, -101, 3])
@pytest.mark.parametrize("score", [cross_entropy, target_log_probs])
def test_a_target_outside_the_vocabulary_is_named(score, target):
    with pytest.raises(ValueError, match=f"targets has the id {target}: it must be at least 0 and less than 3"):
        score(torch.zeros(3, 3), torch.tensor([0, IGNORE_ID, target]))


def test_target_log_probs_equal_torch_and_are_zero_where_nothing_is_scored(logits):
    targets = torch.arange(35).reshape(5, 7) % 11
    targets[2:, :3] = IGNORE_ID
    expected = -torch.nn.functional.cross_entropy(logits.flatten(0, 1), targets.flatten(), reduction="none")
    torch.testing.assert_close(target_log_probs(logits, targets).flatten(), expected, atol=1e-12, rtol=0)
    assert (target_log_probs(logits, targets)[2:, :3] == 0).all()
