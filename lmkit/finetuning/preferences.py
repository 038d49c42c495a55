"""Learning from preferences: of two answers to a prompt, the better one becomes more likely.

Direct preference optimisation (DPO) needs no reward model: the reward is how much more probable an answer has become
since training started.
"""

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Unpack

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn import functional as F

from lmkit.data import Batch, Batches, Reading
from lmkit.functional import IGNORE_ID, target_log_probs
from lmkit.tasks.instructions import MarkedTokens, answer_batch, require_rows
from lmkit.training import Objective


@dataclass(frozen=True, kw_only=True, eq=False)
class PreferenceBatch(Batch):
    """Pairs of answers, the chosen and the rejected one; ``inputs`` holds the chosen ones with their prompts.

    The loss scores pairs, not tokens. So ``targets`` are ``IGNORE_ID``, and ``labels`` give the better answer of each
    pair, which is always number 0.

    Args:
        chosen_targets: For each position of ``inputs`` the next token, or ``IGNORE_ID`` outside the answer.
        rejected_inputs: The rejected answers with their prompts.
        rejected_targets: The targets of the rejected answers.

    Example:
        >>> from lmkit.tasks import mark_answer
        >>> better, worse = mark_answer([5, 6], [7]), mark_answer([5, 6], [8])  # two answers to the prompt 5 6
        >>> batch = next(preference_batches([better], [worse], batch_size=1, context_length=8, pad_id=0))
        >>> batch.chosen_targets.tolist(), batch.rejected_targets.tolist()
        ([[-100, 7]], [[-100, 8]])
    """

    chosen_targets: Int[Tensor, "B T"]
    rejected_inputs: Int[Tensor, "B R"]
    rejected_targets: Int[Tensor, "B R"]


def preference_batches(
    chosen: Sequence[MarkedTokens],
    rejected: Sequence[MarkedTokens],
    *,
    batch_size: int,
    context_length: int,
    pad_id: int,
    generator: torch.Generator | None = None,
    **reading: Unpack[Reading],
) -> Batches:
    """Make batches of preferences.

    Args:
        chosen: The better answers with their prompts, as from
            :func:`~lmkit.tasks.instructions.encode_instruction`.
        rejected: The worse answers in the same order, each with the same prompt.
        batch_size: Pairs per batch and rank.
        context_length: How many tokens the model can read.
        pad_id: The token that fills shorter rows.
        generator: Reshuffles the pairs in each epoch. ``None`` takes them in order.
        reading: ``num_epochs``, ``rank`` and ``world_size``, see
            :class:`~lmkit.data.batches.Reading`.

    Returns:
        Batches of :class:`PreferenceBatch`.

    Raises:
        ValueError: If there are no pairs, the prompts of a pair differ, or a row is too long or has no answer.

    Example:
        >>> from lmkit.tasks import mark_answer
        >>> better, worse = mark_answer([5, 6], [7]), mark_answer([5, 6], [8, 9])  # two answers to the prompt 5 6
        >>> batch = next(preference_batches([better], [worse], batch_size=1, context_length=8, pad_id=0))
        >>> batch.inputs.tolist(), batch.rejected_inputs.tolist()
        ([[5, 6]], [[5, 6, 8]])
    """
    if len(chosen) != len(rejected):
        raise ValueError(f"chosen has {len(chosen)} rows and rejected {len(rejected)}: the numbers must be equal")
    require_rows(chosen, context_length, "chosen")
    require_rows(rejected, context_length, "rejected")
    for number, (better, worse) in enumerate(zip(chosen, rejected, strict=True)):
        if _prompt(better) != _prompt(worse):
            raise ValueError(f"chosen[{number}] and rejected[{number}] have different prompts")

    def make_batch(examples: Sequence[int], randomness: Callable[[int], np.random.Generator]) -> Batch:
        better, worse = (
            answer_batch([rows[example] for example in examples], pad_id=pad_id) for rows in (chosen, rejected)
        )
        return PreferenceBatch(
            inputs=better.inputs,
            targets=torch.full_like(better.targets, IGNORE_ID),
            labels=torch.zeros(len(examples), dtype=torch.int64),
            chosen_targets=better.targets,
            rejected_inputs=worse.inputs,
            rejected_targets=worse.targets,
        )

    return Batches(
        make_batch,
        num_examples=len(chosen),
        batch_size=batch_size,
        generator=generator,
        shuffle=generator is not None,
        **reading,
    )


def implicit_reward(
    policy_log_probs: Float[Tensor, " B"], reference_log_probs: Float[Tensor, " B"], *, beta: float
) -> Float[Tensor, " B"]:
    r"""Reward under which the policy is optimal: $\hat r = \beta \log \frac{\pi(y \mid x)}{\pi_0(y \mid x)}$.

    It is determined up to a constant that depends on the prompt, so only differences between answers to the same prompt
    are meaningful.

    Args:
        policy_log_probs: Log-probability of each whole answer under the model, $\log \pi$.
        reference_log_probs: The same under the reference model, $\log \pi_0$.
        beta: $\beta > 0$, the cost of moving away from the reference.

    Returns:
        The rewards, in nats times $\beta$.

    Raises:
        ValueError: If beta is not positive.

    Source:
        Rafailov et al. (2023), section 4.

    Example:
        >>> implicit_reward(torch.tensor([-1.0]), torch.tensor([-3.0]), beta=0.5)  # e² times as probable
        tensor([1.])
    """
    if not beta > 0:
        raise ValueError(f"beta={beta} must be greater than 0")
    return beta * (policy_log_probs - reference_log_probs)


def preference_loss(
    chosen_rewards: Float[Tensor, " B"], rejected_rewards: Float[Tensor, " B"], label_smoothing: float = 0.0
) -> Float[Tensor, ""]:
    r"""Negative log-likelihood of the preferences, given the rewards: $-\log \sigma(r_w - r_l)$.

    With :func:`implicit_reward` as the reward this is the DPO loss,

    $$-\frac{1}{B} \sum_b \log \sigma\Big(\beta \log \frac{\pi(y_w \mid x)}{\pi_0(y_w \mid x)}
    - \beta \log \frac{\pi(y_l \mid x)}{\pi_0(y_l \mid x)}\Big)$$

    Args:
        chosen_rewards: Rewards of the better answers, $r_w$.
        rejected_rewards: Rewards of the worse answers, $r_l$.
        label_smoothing: Probability $\varepsilon$ that a preference was recorded in reverse. The loss is then
            the average over both directions, weighted by $1 - \varepsilon$ and $\varepsilon$.

    Returns:
        Nats per pair; $\log 2$ if both rewards are equal.

    Raises:
        ValueError: If the smoothing is negative, or not less than one half.

    Source:
        Rafailov et al. (2023), equation 7. Label smoothing: Mitchell (2023), "A note on DPO with noisy preferences".

    Example:
        >>> preference_loss(torch.tensor([1.0]), torch.tensor([1.0]))  # log 2: a coin flip
        tensor(0.6931)
    """
    if not 0 <= label_smoothing < 0.5:
        raise ValueError(f"label_smoothing={label_smoothing} must be at least 0 and less than 0.5")
    margins = chosen_rewards - rejected_rewards
    loss = -(1 - label_smoothing) * F.logsigmoid(margins) - label_smoothing * F.logsigmoid(-margins)
    return loss.mean()


def answer_log_probs(model: nn.Module, inputs: Int[Tensor, "B T"], targets: Int[Tensor, "B T"]) -> Float[Tensor, " B"]:
    r"""Log-probability of whole answers: $\log \pi(y \mid x) = \sum_t \log \pi(y_t \mid x, y_{<t})$.

    Args:
        model: Maps token ids to logits.
        inputs: What it reads.
        targets: The answers' tokens, ``IGNORE_ID`` elsewhere.

    Returns:
        Nats, one number per row.

    Example:
        >>> model = nn.Embedding.from_pretrained(torch.zeros(50, 50))  # all logits are zero: it knows nothing
        >>> answer_log_probs(model, torch.tensor([[5, 6, 8]]), torch.tensor([[IGNORE_ID, 8, 9]]))  # -2 log 50
        tensor([-7.8240])
    """
    logits = model(inputs)
    logits = logits.to(torch.promote_types(logits.dtype, torch.float32))  # no softmax in bf16
    return target_log_probs(logits, targets).sum(dim=-1)


def dpo_objective(reference: nn.Module, *, beta: float = 0.1, label_smoothing: float = 0.0) -> Objective:
    """Make the DPO objective.

    Args:
        reference: The model as it was before training, on the same device. It is copied, so you can pass the model that
            you are about to train.
        beta: The cost of moving away from the reference.
        label_smoothing: See :func:`preference_loss`.

    Returns:
        A function of a model and a :class:`PreferenceBatch` that returns nats per pair.

    Source:
        Rafailov et al. (2023), section 4.

    Example:
        >>> from lmkit.models import GPT, GPTConfig
        >>> model = GPT(GPTConfig(vocab_size=50, context_length=8, d_model=16, num_layers=2, num_heads=2))
        >>> tokens = torch.tensor([[1, 2, 3]])
        >>> batch = PreferenceBatch(
        ...     inputs=tokens,
        ...     targets=torch.full_like(tokens, IGNORE_ID),
        ...     labels=torch.zeros(1, dtype=torch.int64),
        ...     chosen_targets=torch.tensor([[IGNORE_ID, 3, 4]]),
        ...     rejected_inputs=tokens,
        ...     rejected_targets=torch.tensor([[IGNORE_ID, 3, 5]]),
        ... )
        >>> round(dpo_objective(model)(model, batch).item(), 4)  # log 2 before the first step
        0.6931
    """
    reference = copy.deepcopy(reference).eval().requires_grad_(False)

    def objective(model: Any, batch: Batch) -> Tensor:
        if not isinstance(batch, PreferenceBatch):
            raise TypeError(f"batch is a {type(batch).__name__}; DPO needs a PreferenceBatch")
        rewards = []
        for inputs, targets in (
            (batch.inputs, batch.chosen_targets),
            (batch.rejected_inputs, batch.rejected_targets),
        ):
            with torch.no_grad():
                before = answer_log_probs(reference, inputs, targets)
            rewards.append(implicit_reward(answer_log_probs(model, inputs, targets), before, beta=beta))
        return preference_loss(rewards[0], rewards[1], label_smoothing)

    return objective


def _prompt(row: MarkedTokens) -> list[int]:
    return row.token_ids[: row.is_answer.index(True)]
