import math

import pytest
import torch
from torch.nn import functional as F

from lmkit.functional import IGNORE_ID
from lmkit.training import (
    add_penalty_gradients,
    masked_loss,
    next_token_loss,
    permutation_loss,
    sentence_pair_loss,
    sequence_to_sequence_loss,
)


@pytest.fixture
def logits():
    return torch.randn(3, 5, 11, generator=torch.Generator().manual_seed(0), dtype=torch.float64)


@pytest.fixture
def targets():
    targets = torch.randint(11, (3, 5), generator=torch.Generator().manual_seed(1))
    targets[0, :3] = IGNORE_ID
    return targets


@pytest.mark.parametrize("loss", [next_token_loss, masked_loss, permutation_loss])
def test_token_losses_equal_torch_and_skip_what_is_not_scored(loss, logits, targets):
    expected = F.cross_entropy(logits.flatten(0, 1), targets.flatten(), ignore_index=IGNORE_ID)
    torch.testing.assert_close(loss(logits, targets), expected, atol=1e-12, rtol=0)


def test_a_model_that_knows_nothing_loses_log_v():
    assert next_token_loss(torch.zeros(2, 3, 50), torch.zeros(2, 3, dtype=torch.long)).item() == pytest.approx(
        math.log(50)
    )


def test_sequence_to_sequence_loss_smooths(logits, targets):
    for smoothing in (0.0, 0.1):
        expected = F.cross_entropy(
            logits.flatten(0, 1), targets.flatten(), ignore_index=IGNORE_ID, label_smoothing=smoothing
        )
        ours = sequence_to_sequence_loss(logits, targets, label_smoothing=smoothing)
        torch.testing.assert_close(ours, expected, atol=1e-12, rtol=0)
    assert torch.equal(sequence_to_sequence_loss(logits, targets), ours)  # a tenth unless told otherwise


def test_sentence_pair_loss_equals_torch(logits):
    labels = torch.tensor([1, 0, 1])
    pair_logits = logits[:, 0, :2]
    torch.testing.assert_close(
        sentence_pair_loss(pair_logits, labels), F.cross_entropy(pair_logits, labels), atol=1e-12, rtol=0
    )


def test_penalty_gradients_equal_those_of_the_penalty():
    weight = torch.tensor([[1.5, -0.5], [0.0, 2.0]], dtype=torch.float64, requires_grad=True)
    (weight.pow(3).sum() + 0.1 * weight.abs().sum() + 0.3 / 2 * weight.square().sum()).backward()
    expected, weight.grad = weight.grad, None
    weight.pow(3).sum().backward()
    frozen = torch.ones(2, requires_grad=True)
    add_penalty_gradients([weight, frozen], l1=0.1, l2=0.3)
    torch.testing.assert_close(weight.grad, expected, atol=1e-12, rtol=0)
    assert frozen.grad is None
    for penalty, added in (({"l1": 0.1}, 0.1 * weight.sign()), ({"l2": 0.3}, 0.3 * weight)):
        weight.grad = torch.zeros_like(weight)
        add_penalty_gradients([weight], **penalty)
        torch.testing.assert_close(weight.grad, added.detach(), atol=1e-12, rtol=0)
    with pytest.raises(ValueError, match=r"l1=-0.1 and l2=0.0 must not be negative"):
        add_penalty_gradients([weight], l1=-0.1)
    with pytest.raises(ValueError, match=r"l1=0.0 and l2=-0.1 must not be negative"):
        add_penalty_gradients([weight], l2=-0.1)
