import copy
import math

import numpy as np
import pytest
import torch

from lmkit.finetuning.preferences import (
    answer_log_probs,
    dpo_objective,
    implicit_reward,
    preference_batches,
    preference_loss,
)
from lmkit.functional import IGNORE_ID
from lmkit.models import GPT, GPTConfig
from lmkit.tasks import answer_batch, mark_answer
from lmkit.training import TrainingConfig, constant, evaluate_loss, fused_adamw, train, train_step

PROMPTS = [[1, 5, 6], [1, 7], [1, 8, 9, 10], [1], [1, 11, 4]]
CHOSEN = [mark_answer(prompt, [prompt[-1] + 3, 12, 1]) for prompt in PROMPTS]
REJECTED = [mark_answer(prompt, [2] * (4 - number % 3)) for number, prompt in enumerate(PROMPTS)]


def tiny_gpt(seed=0):
    config = GPTConfig(vocab_size=17, context_length=10, d_model=12, num_layers=1, num_heads=2)
    return GPT(config, seed=seed).double()


def batches(batch_size=5, **reading):
    return preference_batches(CHOSEN, REJECTED, batch_size=batch_size, context_length=10, pad_id=0, **reading)


def log_prob(model, row):
    """Of the answer, token by token."""
    total = 0.0
    for position, (token, scored) in enumerate(zip(*row, strict=True)):
        if scored:
            logits = model(torch.tensor([row.token_ids[:position]]))[0, -1]
            total += math.log(torch.softmax(logits, dim=0)[token].item())
    return total


def margins(policy, reference, beta):
    return [
        beta * (log_prob(policy, better) - log_prob(reference, better))
        - beta * (log_prob(policy, worse) - log_prob(reference, worse))
        for better, worse in zip(CHOSEN, REJECTED, strict=True)
    ]


def noise(*shape, seed):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def test_log_probs_are_those_of_the_answers():
    model = tiny_gpt()
    batch = answer_batch(CHOSEN, pad_id=0)
    expected = torch.tensor([log_prob(model, row) for row in CHOSEN], dtype=torch.float64)
    torch.testing.assert_close(answer_log_probs(model, batch.inputs, batch.targets), expected, atol=1e-10, rtol=0)


@pytest.mark.parametrize("label_smoothing", [0.0, 0.2])
def test_the_objective_is_equation_7(label_smoothing):
    policy, reference = tiny_gpt(seed=0), tiny_gpt(seed=1)
    margin = np.array(margins(policy, reference, beta=0.7))
    sigma = 1 / (1 + np.exp(-margin))
    expected = -((1 - label_smoothing) * np.log(sigma) + label_smoothing * np.log(1 - sigma)).mean()
    objective = dpo_objective(reference, beta=0.7, label_smoothing=label_smoothing)
    assert objective(policy, next(batches())).item() == pytest.approx(expected, rel=1e-10)
    assert evaluate_loss(policy, batches(batch_size=2), objective=objective) == pytest.approx(expected, rel=1e-10)


def test_where_policy_and_reference_agree_a_preference_is_one_bit_and_beta_scales_the_gradient():
    policy = tiny_gpt()
    gradients = []
    for beta in (0.1, 0.3):
        loss = dpo_objective(copy.deepcopy(policy), beta=beta)(policy, next(batches()))
        assert loss.item() == pytest.approx(math.log(2), rel=1e-12)
        gradients.append(torch.cat([g.flatten() for g in torch.autograd.grad(loss, list(policy.parameters()))]))
    assert gradients[0].any()
    torch.testing.assert_close(gradients[1], 3 * gradients[0], rtol=1e-9, atol=1e-12)


def test_the_gradient_pulls_the_answers_apart_most_where_they_are_in_the_wrong_order():
    chosen, rejected = noise(6, seed=0).requires_grad_(), noise(6, seed=1).requires_grad_()
    reference_chosen, reference_rejected = noise(6, seed=2), noise(6, seed=3)

    def loss(chosen, rejected):
        return preference_loss(
            implicit_reward(chosen, reference_chosen, beta=0.5), implicit_reward(rejected, reference_rejected, beta=0.5)
        )

    assert torch.autograd.gradcheck(loss, (chosen, rejected))
    loss(chosen, rejected).backward()
    margin = 0.5 * (chosen - reference_chosen - rejected + reference_rejected).detach()
    expected = 0.5 / (1 + margin.exp()) / 6  # Rafailov et al. (2023), the equation after 7
    torch.testing.assert_close(chosen.grad, -expected)
    torch.testing.assert_close(rejected.grad, expected)


def test_with_smoothing_a_sure_preference_costs():
    zero = torch.zeros(1)
    best = math.log(0.9 / 0.1)  # the margin at which the model is as sure as the preferences are reliable
    losses = [preference_loss(torch.tensor([margin]), zero, 0.1).item() for margin in (best - 0.5, best, best + 0.5)]
    assert losses[1] < min(losses[0], losses[2])
    assert preference_loss(torch.tensor([200.0]), zero).item() == pytest.approx(0)
    assert preference_loss(torch.tensor([-200.0]), zero).item() == pytest.approx(200)


def test_training_raises_the_margin_and_leaves_the_reference_alone():
    policy = tiny_gpt()
    reference = copy.deepcopy(policy)
    shuffled = batches(batch_size=2, generator=torch.Generator().manual_seed(0), num_epochs=None)
    objective = dpo_objective(reference, beta=0.5)
    train(
        policy,
        fused_adamw(policy, 0.003),
        shuffled,
        constant(0.003),
        TrainingConfig(num_steps=30),
        objective=objective,
        progress=False,
    )
    assert min(margins(policy, reference, beta=0.5)) > 1
    for before, after in zip(tiny_gpt().parameters(), reference.parameters(), strict=True):
        assert torch.equal(before, after)


def test_a_model_can_be_its_own_reference():
    policy = tiny_gpt()
    history = train(
        policy,
        fused_adamw(policy, 0.003),
        batches(num_epochs=None),
        constant(0.003),
        TrainingConfig(num_steps=5),
        objective=dpo_objective(policy, beta=0.5),
        progress=False,
    )
    assert history.loss_nats[0] == pytest.approx(math.log(2), rel=1e-12)
    assert history.loss_nats[-1] < 0.6


def test_the_reference_has_no_dropout_whatever_the_mode_of_the_model():
    config = GPTConfig(vocab_size=17, context_length=10, d_model=12, num_layers=1, num_heads=2, dropout=0.5)
    reference = GPT(config, seed=1).double().train()
    objective = dpo_objective(reference, beta=0.7)
    assert reference.training
    expected = dpo_objective(tiny_gpt(seed=1), beta=0.7)(tiny_gpt(), next(batches()))
    reference.train()
    torch.testing.assert_close(objective(tiny_gpt(), next(batches())), expected)


def test_in_parts_the_gradient_is_that_of_the_whole():
    trained = []
    for num_micro_batches in (1, 3):
        policy = tiny_gpt()
        optimizer = torch.optim.SGD(policy.parameters(), lr=1.0)
        result = train_step(
            policy,
            optimizer,
            next(batches()),
            objective=dpo_objective(tiny_gpt(seed=1), beta=0.5),
            num_micro_batches=num_micro_batches,
            max_grad_norm=math.inf,
        )
        assert result.num_tokens == 5  # pairs
        trained.append(policy)
    for one, other in zip(trained[0].parameters(), trained[1].parameters(), strict=True):
        torch.testing.assert_close(one, other, atol=1e-12, rtol=0)


def test_beta_is_a_tenth_and_no_preference_is_doubted_unless_told_otherwise():
    policy, reference, batch = tiny_gpt(seed=0), tiny_gpt(seed=1), next(batches())
    expected = dpo_objective(reference, beta=0.1, label_smoothing=0.0)(policy, batch)
    assert torch.equal(dpo_objective(reference)(policy, batch), expected)


def test_pairs_stay_together_in_order_or_shuffled_and_are_shared_by_the_ranks():
    expected = [(better.token_ids[:2], worse.token_ids[:2]) for better, worse in zip(CHOSEN, REJECTED, strict=True)]

    def starts(batches):
        rows = [zip(batch.inputs.tolist(), batch.rejected_inputs.tolist(), strict=True) for batch in batches]
        return [(chosen[:2], rejected[:2]) for pairs in rows for chosen, rejected in pairs]

    shuffled = starts(batches(batch_size=2, generator=torch.Generator().manual_seed(0)))
    assert starts(batches(batch_size=2)) == expected != shuffled
    assert sorted(shuffled) == sorted(expected)
    ranks = [starts(batches(batch_size=1, rank=rank, world_size=2)) for rank in range(2)]
    assert [ranks[0][0], ranks[1][0], ranks[0][1], ranks[1][1]] == expected[:4]


def test_a_batch_of_preferences_by_hand():
    chosen, rejected = [mark_answer([1, 2], [3])], [mark_answer([1, 2], [4, 5])]
    batch = next(preference_batches(chosen, rejected, batch_size=1, context_length=3, pad_id=0))
    assert batch.inputs.tolist() == [[1, 2]]
    assert batch.chosen_targets.tolist() == [[IGNORE_ID, 3]]
    assert batch.rejected_inputs.tolist() == [[1, 2, 4]]
    assert batch.rejected_targets.tolist() == [[IGNORE_ID, 4, 5]]
    assert batch.to("cpu").rejected_inputs.tolist() == [[1, 2, 4]]


def test_bad_arguments_are_named():
    sizes = {"batch_size": 1, "context_length": 3, "pad_id": 0}
    with pytest.raises(ValueError, match="chosen has 5 rows and rejected 4"):
        preference_batches(CHOSEN, REJECTED[:4], **sizes)
    with pytest.raises(ValueError, match=r"rejected\[0\] has 5 tokens, more than the context_length=3"):
        preference_batches([mark_answer([1], [2])], [mark_answer([1], [2, 3, 4, 5])], **sizes)
    with pytest.raises(ValueError, match=r"chosen\[0\] and rejected\[0\] have different prompts"):
        preference_batches([mark_answer([1], [2])], [mark_answer([2], [3])], **sizes)
    with pytest.raises(ValueError, match=r"beta=0\.0 must be greater than 0"):
        implicit_reward(torch.zeros(1), torch.zeros(1), beta=0.0)
    with pytest.raises(ValueError, match=r"label_smoothing=0\.5 must be at least 0 and less than 0\.5"):
        preference_loss(torch.zeros(1), torch.zeros(1), 0.5)
    with pytest.raises(TypeError, match="batch is a Batch; DPO needs a PreferenceBatch"):
        dpo_objective(tiny_gpt())(tiny_gpt(), answer_batch(CHOSEN, pad_id=0))
