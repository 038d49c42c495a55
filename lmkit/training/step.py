"""One step of training: forward, backward, clipping, update."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace

import torch
from jaxtyping import Int
from torch import Tensor, nn

from lmkit.data import Batch
from lmkit.functional import IGNORE_ID
from lmkit.training.distributed import sum_over_ranks, whole, world_size
from lmkit.training.losses import add_penalty_gradients
from lmkit.training.objectives import Objective, next_token_objective
from lmkit.training.optimizers import clip_gradients
from lmkit.training.precision import Precision, autocast


@dataclass(frozen=True, kw_only=True)
class StepResult:
    """What one step did.

    Args:
        loss_nats: Mean loss before the update, in nats per scored token, over all ranks.
        grad_norm: Euclidean norm of the gradient of all parameters, before clipping.
        learning_rate: That of the update, before any ``lr_scale`` of a parameter group.
        num_tokens: How many tokens were scored, on all ranks; of batches without scored tokens, how many rows.

    Example:
        >>> StepResult(loss_nats=2.5, grad_norm=0.8, learning_rate=1e-3, num_tokens=512).loss_nats
        2.5
    """

    loss_nats: float
    grad_norm: float
    learning_rate: float
    num_tokens: int


def train_step(
    model: nn.Module,
    optimizer: torch.optim.Optimizer,
    batch: Batch,
    *,
    objective: Objective = next_token_objective,
    learning_rate: float | None = None,
    max_grad_norm: float = 1.0,
    num_micro_batches: int = 1,
    precision: Precision = "auto",
    l1: float = 0.0,
    l2: float = 0.0,
) -> StepResult:
    r"""Update the model once, using the gradient of its loss on one batch.

    A batch too large for the device is split into micro-batches. The loss is the mean over all scored tokens, so one
    with $n_i$ of the batch's $n$ scored tokens has the weight $n_i / n$; the same holds for the ranks.
    The sum of their gradients is then the gradient of the whole batch. A loss of two means, as of
    :func:`~lmkit.training.sentence_pair_objective`, has a weight for each.

    Args:
        model: In training mode if it has dropout.
        optimizer: Holds the model's parameters.
        batch: This rank's examples.
        objective: The loss as a function of model and batch.
        learning_rate: Replaces that of the optimiser, in each parameter group times the group's ``lr_scale`` if it has
            one.
        max_grad_norm: A gradient with a larger norm is scaled down to it; ``math.inf`` disables clipping.
        num_micro_batches: How many micro-batches the batch is split into.
        precision: Format of the matrix products, see :func:`lmkit.training.precision.autocast`.
        l1: Coefficient of $\sum |w|$, see :func:`lmkit.training.losses.add_penalty_gradients`.
        l2: Coefficient of $\frac{1}{2} \sum w^2$.

    Returns:
        Loss, gradient norm, learning rate and number of tokens.

    Raises:
        FloatingPointError: If the loss or the gradient is infinite or NaN. The model is unchanged.
        ValueError: If the batch has nothing to score or cannot be split into that many micro-batches, see
            ``split_batch``.

    Example:
        >>> from lmkit.data import next_token_batches
        >>> from lmkit.models import GPT, GPTConfig
        >>> from lmkit.training import fused_adamw
        >>> model = GPT(GPTConfig(vocab_size=50, context_length=8, d_model=16, num_layers=1, num_heads=2))
        >>> batches = next_token_batches(torch.arange(1000) % 50, batch_size=4, context_length=8)
        >>> result = train_step(model, fused_adamw(model, 0.01), next(batches))
        >>> result.num_tokens, round(result.loss_nats, 1)  # at first about log 50
        (32, 3.9)
    """
    device = next(model.parameters()).device
    if learning_rate is not None:
        for group in optimizer.param_groups:
            group["lr"] = learning_rate * group.get("lr_scale", 1.0)
    parts = split_batch(batch, num_micro_batches)
    counts = torch.stack([count_scored(part) for part in parts]).to(device)
    totals = sum_over_ranks(counts.sum(dim=0))
    one = _denominator(totals)

    optimizer.zero_grad()
    loss_nats = torch.zeros((), device=device)
    for part, count in zip(parts, counts, strict=True):
        with autocast(precision, model):
            means = objective(model, part.to(device, non_blocking=True))
        shares = count.to(means.dtype) / totals.clamp(min=1)
        loss = (means * shares).sum() if means.dim() else means * shares[one]
        (loss * world_size()).backward()  # the ranks' gradients are averaged, not added
        loss_nats = loss_nats + loss.detach()
    if l1 or l2:
        add_penalty_gradients(model.parameters(), l1, l2)
    grad_norm = whole(clip_gradients(model.parameters(), max_grad_norm))

    result = StepResult(  # only here does the program wait for the device
        loss_nats=sum_over_ranks(loss_nats).item(),
        grad_norm=grad_norm.item(),
        learning_rate=optimizer.param_groups[0]["lr"] if learning_rate is None else learning_rate,
        num_tokens=int(totals[one]),
    )
    if result.num_tokens == 0:
        raise ValueError(f"all {batch.targets.numel()} targets are IGNORE_ID ({IGNORE_ID}): there is nothing to score")
    if not math.isfinite(result.loss_nats) or not math.isfinite(result.grad_norm):
        raise FloatingPointError(f"the loss is {result.loss_nats} nats and the gradient's norm {result.grad_norm}")
    optimizer.step()
    return result


@torch.no_grad()
def evaluate_loss(
    model: nn.Module,
    batches: Iterable[Batch],
    *,
    objective: Objective = next_token_objective,
    precision: Precision = "auto",
) -> float:
    """Mean loss over batches, without dropout and without changing the model.

    Args:
        model: Its mode is left unchanged.
        batches: This rank's examples, the same number of batches on each rank.
        objective: The loss as a function of model and batch.
        precision: Format of the matrix products.

    Returns:
        Nats per scored token, over all batches and ranks.

    Raises:
        ValueError: If nothing is scored.

    Example:
        >>> from lmkit.data import next_token_batches
        >>> from lmkit.models import GPT, GPTConfig
        >>> model = GPT(GPTConfig(vocab_size=50, context_length=8, d_model=16, num_layers=1, num_heads=2))
        >>> batches = next_token_batches(torch.arange(1000) % 50, batch_size=4, context_length=8)
        >>> round(evaluate_loss(model, [next(batches), next(batches)]), 1)  # log 50, as nothing is learned yet
        3.9
    """
    device = next(model.parameters()).device
    was_training = model.training
    model.eval()
    means = torch.zeros((), device=device)
    nats, counts = torch.zeros(2, device=device), torch.zeros(2, dtype=torch.long, device=device)
    for batch in batches:
        with autocast(precision, model):
            means = objective(model, batch.to(device, non_blocking=True))
        count = count_scored(batch).to(device)
        nats, counts = nats + means * count, counts + count
    model.train(was_training)
    totals = sum_over_ranks(counts)
    if not totals.any():
        raise ValueError("batches have no token to score")
    loss_nats = sum_over_ranks(nats) / totals.clamp(min=1)
    return (loss_nats.sum() if means.dim() else loss_nats[_denominator(totals)]).item()


def count_scored(batch: Batch) -> Int[Tensor, " 2"]:
    """Count the predictions that are scored, which is the weight of a batch's mean loss.

    Args:
        batch: Any batch.

    Returns:
        How many targets are not ``IGNORE_ID``, and how many rows have a label.
    """
    num_rows = 0 if batch.labels is None else len(batch.labels)
    num_tokens = (batch.targets != IGNORE_ID).sum()
    return torch.stack([num_tokens, torch.tensor(num_rows, device=num_tokens.device)])


def _denominator(totals: Int[Tensor, " 2"]) -> Int[Tensor, ""]:
    """Which of the counts a loss of one mean is divided by: that of the tokens, or of the rows if there are none."""
    return (totals[0] == 0).long()


def split_batch(batch: Batch, num_parts: int) -> list[Batch]:
    """Split a batch by rows into micro-batches of nearly equal size.

    Args:
        batch: Any batch.
        num_parts: How many micro-batches.

    Returns:
        The micro-batches in order.

    Raises:
        ValueError: If there are fewer rows than micro-batches; or if the task is to tell the rows apart, as in
            :func:`lmkit.tasks.matching_batches`, where a micro-batch with fewer rows is an easier task.
    """
    if num_parts > 1 and batch.source_ids is not None and batch.labels is not None:
        raise ValueError(
            f"num_micro_batches={num_parts} must be 1 for batches with source_ids and labels: each row is matched "
            "against all others of its batch, so that parts do not add up to the whole; a smaller batch_size helps"
        )
    if not 1 <= num_parts <= len(batch.inputs):
        raise ValueError(f"num_micro_batches={num_parts} must be between 1 and the batch's {len(batch.inputs)} rows")
    tensors = {field.name: getattr(batch, field.name) for field in fields(batch)}
    parts = {name: tensor.tensor_split(num_parts) for name, tensor in tensors.items() if tensor is not None}
    return [replace(batch, **{name: split[i] for name, split in parts.items()}) for i in range(num_parts)]
