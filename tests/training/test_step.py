import copy
import math
from dataclasses import replace

import jaxtyping
import pytest
import torch
from torch import nn

from lmkit.data import Batch
from lmkit.functional import IGNORE_ID
from lmkit.training import (
    SGD,
    checkpoint_activations,
    evaluate_loss,
    fused_adamw,
    next_token_loss,
    next_token_objective,
    train_step,
)
from lmkit.training.step import split_batch
from tests.training.tiny import VOCAB_SIZE, batches, tiny_gpt


@pytest.fixture
def batch():
    return next(batches(batch_size=6))


def gradients_after(model, batch, **options):
    """SGD with rate 1 changes each weight by its gradient."""
    changed = copy.deepcopy(model)
    result = train_step(changed, SGD(changed.parameters(), 1.0), batch, **{"max_grad_norm": math.inf, **options})
    return result, [before - after for before, after in zip(model.parameters(), changed.parameters(), strict=True)]


def assert_all_close(ours, expected, tolerance=1e-12):
    for one, other in zip(ours, expected, strict=True):
        torch.testing.assert_close(one, other, atol=tolerance, rtol=0)


def test_a_step_is_the_gradient_of_the_loss(model, batch):
    loss = next_token_loss(model(batch.inputs), batch.targets)
    expected = torch.autograd.grad(loss, list(model.parameters()))
    result, gradients = gradients_after(model, batch)
    assert_all_close(gradients, expected)
    assert result.loss_nats == pytest.approx(loss.item(), rel=1e-12)
    assert result.grad_norm == pytest.approx(math.sqrt(sum(g.square().sum().item() for g in expected)), rel=1e-9)
    assert (result.num_tokens, result.learning_rate) == (48, 1.0)


def test_a_long_gradient_is_shortened_and_a_short_one_is_not(model, batch):
    result, gradients = gradients_after(model, batch, max_grad_norm=0.01)
    length = math.sqrt(sum(g.square().sum().item() for g in gradients))
    assert length == pytest.approx(0.01, rel=1e-4)
    assert result.grad_norm > 0.1
    assert_all_close(gradients_after(model, batch, max_grad_norm=100.0)[1], gradients_after(model, batch)[1])


@pytest.mark.parametrize("num_micro_batches", [2, 4, 6])
def test_accumulation_equals_the_large_batch(model, batch, num_micro_batches):
    targets = batch.targets.clone()
    targets[0, 1:] = targets[3, :2] = targets[5] = IGNORE_ID  # rows with very different numbers of scored targets
    batch = replace(batch, targets=targets)
    whole, expected = gradients_after(model, batch)
    parts, gradients = gradients_after(model, batch, num_micro_batches=num_micro_batches)
    assert_all_close(gradients, expected)
    assert parts.loss_nats == pytest.approx(whole.loss_nats, rel=1e-12)
    assert parts.num_tokens == whole.num_tokens


def test_penalties_add_their_gradient_but_not_to_the_loss(model, batch):
    plain, expected = gradients_after(model, batch)
    penalised, gradients = gradients_after(model, batch, l1=0.1, l2=0.01)
    assert_all_close(
        gradients, [g + 0.1 * w.sign() + 0.01 * w for g, w in zip(expected, model.parameters(), strict=True)]
    )
    assert penalised.loss_nats == plain.loss_nats
    for penalty, added in (({"l1": 0.1}, lambda w: 0.1 * w.sign()), ({"l2": 0.01}, lambda w: 0.01 * w)):
        gradients = gradients_after(model, batch, **penalty)[1]
        assert_all_close(gradients, [g + added(w) for g, w in zip(expected, model.parameters(), strict=True)])


def test_the_learning_rate_is_set_in_every_group(model, batch):
    optimizer = fused_adamw(model, 0.1)
    assert train_step(model, optimizer, batch, learning_rate=0.25).learning_rate == 0.25
    assert [group["lr"] for group in optimizer.param_groups] == [0.25, 0.25]


def test_activation_checkpointing_changes_memory_and_not_gradients(batch):
    model = tiny_gpt(dropout=0.5)
    thrifty = copy.deepcopy(model)
    checkpoint_activations(thrifty)
    results, kept = [], []
    for each in (model, thrifty):
        torch.manual_seed(1)
        sizes = []
        with torch.autograd.graph.saved_tensors_hooks(lambda t, s=sizes: (s.append(t.numel()), t)[1], lambda t: t):
            each.hidden(batch.inputs)
        kept.append(sum(sizes))
        torch.manual_seed(1)
        results.append(gradients_after(each, batch)[1])
    assert_all_close(results[1], results[0], tolerance=0)
    assert kept[1] < kept[0] / 2
    assert list(thrifty.state_dict()) == list(model.state_dict())
    with pytest.raises(ValueError, match="Linear has no list of blocks"):
        checkpoint_activations(nn.Linear(2, 2))


@pytest.mark.filterwarnings("ignore:.*autograd.function.Function.* should not be instantiated:DeprecationWarning")
def test_a_compiled_objective_gives_the_same_gradients(model, batch, monkeypatch):
    monkeypatch.setattr(jaxtyping.config, "jaxtyping_disable", True)  # the checks of shapes do not compile
    expected = gradients_after(model, batch)[1]
    compiled = torch.compile(next_token_objective, backend="aot_eager")
    assert_all_close(gradients_after(model, batch, objective=compiled)[1], expected)


def test_bf16_is_close_to_fp32_and_leaves_the_weights_in_fp32(batch):
    model = tiny_gpt(dtype=torch.float32)
    exact = gradients_after(model, batch, precision="fp32")[0].loss_nats
    rough = gradients_after(model, batch, precision="bf16")
    assert rough[0].loss_nats == pytest.approx(exact, rel=2e-3)
    assert rough[0].loss_nats != exact
    assert {gradient.dtype for gradient in rough[1]} == {torch.float32}
    assert evaluate_loss(model, [batch], precision="fp32") == pytest.approx(exact, rel=1e-6)
    evaluated = evaluate_loss(model, [batch], precision="bf16")
    assert evaluated == pytest.approx(rough[0].loss_nats, rel=1e-6)
    assert evaluated != pytest.approx(exact, rel=1e-6)


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_a_bad_loss_raises_and_changes_nothing(model, batch, value):
    before = copy.deepcopy(model.state_dict())
    optimizer = fused_adamw(model, 0.1)
    with pytest.raises(FloatingPointError, match=f"the loss is {value} nats"):
        train_step(model, optimizer, batch, objective=lambda m, b: m(b.inputs).sum() * value)
    for name, weight in model.state_dict().items():
        assert torch.equal(weight, before[name])
    assert not optimizer.state


def test_a_bad_gradient_of_a_good_loss_raises_too(model, batch):
    with pytest.raises(FloatingPointError, match="the gradient's norm nan"):
        train_step(model, fused_adamw(model, 0.1), batch, objective=lambda m, b: (m(b.inputs) * 0).abs().sqrt().sum())


def test_a_bad_loss_of_a_good_gradient_raises_and_a_loss_of_zero_does_not(model, batch):
    with pytest.raises(FloatingPointError, match="the loss is inf nats and the gradient's norm [0-9]"):
        train_step(model, fused_adamw(model, 0.1), batch, objective=lambda m, b: m(b.inputs).mean() + math.inf)
    result = train_step(model, fused_adamw(model, 0.1), batch, objective=lambda m, b: m(b.inputs).mean() * 0)
    assert (result.loss_nats, result.grad_norm) == (0.0, 0.0)


def test_one_batch_is_learned_by_heart():
    model = tiny_gpt(dtype=torch.float32)
    generator = torch.Generator().manual_seed(0)
    rows = torch.randint(VOCAB_SIZE, (2, 5), generator=generator)
    batch = Batch(inputs=rows[:, :-1], targets=rows[:, 1:])
    optimizer = fused_adamw(model, 0.03, weight_decay=0.0)
    losses = [train_step(model, optimizer, batch).loss_nats for _ in range(40)]
    assert losses[0] == pytest.approx(math.log(VOCAB_SIZE), abs=0.1)
    assert losses[-1] < 0.02


def test_evaluation_weighs_tokens_and_switches_dropout_off(batch):
    model = tiny_gpt(dropout=0.5).train()
    targets = batch.targets.clone()
    targets[0] = IGNORE_ID
    batch = replace(batch, targets=targets)
    first, second = split_batch(batch, 2)
    together = evaluate_loss(model, [first, second])
    assert together == pytest.approx(evaluate_loss(model, [batch]), rel=1e-12)
    assert model.training
    model.eval()
    assert together == pytest.approx(next_token_loss(model(batch.inputs), batch.targets).item(), rel=1e-12)
    assert evaluate_loss(model, [first]) > 0
    assert not model.training


def test_batches_split_with_all_their_fields(batch):
    mask = torch.ones(6, 8, 8, dtype=torch.bool).tril()
    parts = split_batch(replace(batch, attention_mask=mask, labels=torch.arange(6)), 4)
    assert [len(part.inputs) for part in parts] == [2, 2, 1, 1]
    assert torch.equal(torch.cat([part.labels for part in parts]), torch.arange(6))
    assert parts[3].attention_mask.shape == (1, 8, 8)
    assert parts[0].source_ids is None


def test_what_cannot_be_done_is_named(model, batch):
    optimizer = fused_adamw(model, 0.1)
    with pytest.raises(ValueError, match="num_micro_batches=7 must be between 1 and the batch's 6 rows"):
        train_step(model, optimizer, batch, num_micro_batches=7)
    matched = replace(batch, source_ids=batch.inputs, labels=torch.arange(6))
    with pytest.raises(ValueError, match="num_micro_batches=2 must be 1 for batches with source_ids and labels"):
        train_step(model, optimizer, matched, num_micro_batches=2)
    nothing = replace(batch, targets=torch.full_like(batch.targets, IGNORE_ID))
    with pytest.raises(ValueError, match="all 48 targets are IGNORE_ID"):
        train_step(model, optimizer, nothing)
    with pytest.raises(ValueError, match="no token to score"):
        evaluate_loss(model, [nothing])
