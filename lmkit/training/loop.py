"""The training loop: get a batch, take a step, record it; evaluate and save at intervals."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import numpy as np
import torch
from torch import nn
from tqdm import tqdm

from lmkit.data import Batch
from lmkit.training.checkpoint import (
    SavesItself,
    checkpoint_path,
    newest_checkpoint,
    newest_path,
    position_of,
    remove_old_checkpoints,
    save_checkpoint,
)
from lmkit.training.distributed import rank
from lmkit.training.history import History
from lmkit.training.memory import keep_freed_memory
from lmkit.training.objectives import Objective, next_token_objective
from lmkit.training.precision import Precision
from lmkit.training.schedules import Schedule
from lmkit.training.step import evaluate_loss, train_step


@dataclass(frozen=True, kw_only=True)
class TrainingConfig:
    """How :func:`train` trains.

    Args:
        num_steps: How many updates the run has in all.
        max_grad_norm: Gradients with a larger norm are scaled down to it; ``inf`` disables clipping.
        num_micro_batches: How many micro-batches each batch is split into; a batch with fewer rows is split into
            single rows.
        precision: Format of the matrix products.
        l1: Coefficient of the sum of absolute weights.
        l2: Coefficient of half the sum of squared weights.
        evaluate_every: Steps between evaluations; there is one at the end in any case.
        checkpoint_every: Steps between checkpoints; there is one at the end in any case, and one after each evaluation
            that is the best so far.
        patience: Stop early after this many evaluations in a row without improvement. The model then has the
            last weights; :func:`~lmkit.training.best_checkpoint` has the best.
        compile: Whether to compile the objective; ``None`` does so on a GPU.
        seed: Of dropout.

    Example:
        >>> TrainingConfig(num_steps=1000, evaluate_every=100).max_grad_norm
        1.0
    """

    num_steps: int
    max_grad_norm: float = 1.0
    num_micro_batches: int = 1
    precision: Precision = "auto"
    l1: float = 0.0
    l2: float = 0.0
    evaluate_every: int | None = None
    checkpoint_every: int | None = None
    patience: int | None = None
    compile: bool | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        """Check the values."""
        for name in ("num_steps", "num_micro_batches", "evaluate_every", "checkpoint_every", "patience"):
            value = getattr(self, name)
            if value is not None and value < 1:
                raise ValueError(f"{name}={value} must be at least 1")
        if not self.max_grad_norm > 0:
            raise ValueError(f"max_grad_norm={self.max_grad_norm} must be greater than 0")


@runtime_checkable
class ScalarLog(Protocol):
    """Something that takes numbers by name and step, such as TensorBoard's ``SummaryWriter``."""

    def add_scalar(self, tag: str, scalar_value: float, global_step: int) -> Any:
        """Record one number."""


class DivergenceError(FloatingPointError):
    """The loss became infinite or NaN.

    Args:
        step: The number of the step that failed, counted from 0; the model is as it was before.
        batch_position: The position of the batches behind the one that failed, if they have one.
        checkpoint: The newest checkpoint, made before the failure; ``None`` without checkpoints.
        reason: What was infinite.
    """

    def __init__(
        self, *, step: int, batch_position: dict[str, Any] | None, checkpoint: Path | None, reason: object
    ) -> None:
        super().__init__(f"step {step}: {reason}; batches at {batch_position}; last good checkpoint: {checkpoint}")
        self.step, self.batch_position, self.checkpoint = step, batch_position, checkpoint


def train(
    model: nn.Module,
    optimizer: torch.optim.Optimizer,
    batches: Iterable[Batch],
    schedule: Schedule,
    config: TrainingConfig,
    *,
    objective: Objective = next_token_objective,
    validation_batches: Sequence[Batch] = (),
    checkpoint_folder: Path | None = None,
    tokenizer: SavesItself | None = None,
    log: ScalarLog | None = None,
    progress: bool = True,
) -> History:
    """Train a model by repeated calls of :func:`train_step`.

    With a ``checkpoint_folder`` that already holds checkpoints, the run resumes from the newest. Repeating
    the same call after an interruption gives the same weights as an uninterrupted run.

    Training on a CPU makes the process keep the memory that a step frees, also afterwards: see
    :func:`keep_freed_memory`.

    Args:
        model: Changed in place, and left in training mode.
        optimizer: Holds the model's parameters.
        batches: This rank's batches. The run ends with them if they end first.
        schedule: The learning rate of each step.
        config: How to train.
        objective: The loss as a function of model and batch.
        validation_batches: Batches that are never trained on.
        checkpoint_folder: Where checkpoints are kept, the newest two and the best on the validation batches.
        tokenizer: Saved with each checkpoint.
        log: Gets losses, learning rate and gradient norm of each step.
        progress: Whether to show a bar with loss, tokens per second and time left.

    Returns:
        What happened.

    Raises:
        DivergenceError: If the loss becomes infinite or NaN.
        ValueError: If there is a checkpoint to resume from but the batches have no position, or if early stopping is
            requested without validation batches.

    Example:
        >>> from lmkit.data import next_token_batches
        >>> from lmkit.models import GPT, GPTConfig
        >>> from lmkit.training import fused_adamw, warmup_cosine
        >>> model = GPT(GPTConfig(vocab_size=50, context_length=8, d_model=16, num_layers=1, num_heads=2))
        >>> batches = next_token_batches(torch.arange(1000) % 50, batch_size=4, context_length=8)
        >>> history = train(
        ...     model,
        ...     fused_adamw(model, 0.03),
        ...     batches,
        ...     warmup_cosine(0.03, num_steps=30),
        ...     TrainingConfig(num_steps=30),
        ...     progress=False,
        ... )
        >>> history.num_steps, history.loss_nats[-1] < history.loss_nats[0]
        (30, True)
    """
    if config.patience is not None and (config.evaluate_every is None or not validation_batches):
        raise ValueError(f"patience={config.patience} needs evaluate_every and validation_batches")
    device = next(model.parameters()).device
    if device.type == "cpu":
        keep_freed_memory()
    if config.compile or (config.compile is None and device.type == "cuda"):
        objective = torch.compile(objective)
    history = History()
    if checkpoint_folder is not None and (checkpoint := newest_checkpoint(checkpoint_folder)) is not None:
        checkpoint.restore(model, optimizer, batches)
        history = checkpoint.history
    saved_after = history.num_steps  # not read from disk, where one rank may see more than another

    model.train()
    stream = iter(batches)
    bar = tqdm(total=config.num_steps, initial=history.num_steps, unit="step", disable=not progress or rank() != 0)
    with bar, torch.random.fork_rng(devices=[device] if device.type == "cuda" else []):
        while history.num_steps < config.num_steps:
            if config.patience is not None and history.has_stalled(config.patience):
                break
            started, step = time.perf_counter(), history.num_steps
            if (batch := next(stream, None)) is None:
                break
            seed_step(config.seed, step)
            try:
                result = train_step(
                    model,
                    optimizer,
                    batch,
                    objective=objective,
                    learning_rate=schedule(step),
                    max_grad_norm=config.max_grad_norm,
                    # an epoch's last batch may have few rows
                    num_micro_batches=min(config.num_micro_batches, len(batch.inputs)),
                    precision=config.precision,
                    l1=config.l1,
                    l2=config.l2,
                )
            except FloatingPointError as error:
                raise DivergenceError(
                    step=step,
                    batch_position=position_of(batches),
                    checkpoint=None if checkpoint_folder is None else newest_path(checkpoint_folder),
                    reason=error,
                ) from error
            history.add(result, time.perf_counter() - started)
            bar.update()
            bar.set_postfix_str(f"loss {result.loss_nats:.3f}, {history.tokens_per_second():,.0f} tokens/s")
            numbers = {"loss_nats/training": result.loss_nats, "learning_rate": result.learning_rate}
            _log(log, history, {**numbers, "grad_norm": result.grad_norm})

            if history.num_steps == config.num_steps:
                break  # evaluation and checkpoint happen at the end in any case
            save_is_due = _is_due(config.checkpoint_every, history)
            if validation_batches and _is_due(config.evaluate_every, history):
                _evaluate(model, validation_batches, objective, config.precision, history, log)
                save_is_due = save_is_due or history.best == history.validation[-1]
            if checkpoint_folder and save_is_due:
                _save(checkpoint_folder, model, optimizer, history, batches, tokenizer)
                saved_after = history.num_steps

    if validation_batches and history.evaluated_at != history.num_steps:
        _evaluate(model, validation_batches, objective, config.precision, history, log)
    if checkpoint_folder and saved_after != history.num_steps:
        _save(checkpoint_folder, model, optimizer, history, batches, tokenizer)
    return history


def seed_step(seed: int, step: int) -> None:
    """Seed PyTorch's generators for one step of one rank, so that a step can be repeated without the ones before it.

    Args:
        seed: Of the run.
        step: The number of the step.
    """
    state = np.random.SeedSequence([seed, step, rank()]).generate_state(1, np.uint64)
    torch.manual_seed(int(state[0]))


def _is_due(every: int | None, history: History) -> bool:
    return every is not None and history.num_steps % every == 0


def _evaluate(
    model: nn.Module,
    batches: Sequence[Batch],
    objective: Objective,
    precision: Precision,
    history: History,
    log: ScalarLog | None,
) -> None:
    """Record the loss on validation batches."""
    loss_nats = evaluate_loss(model, batches, objective=objective, precision=precision)
    history.validation.append((history.num_steps, loss_nats))
    _log(log, history, {"loss_nats/validation": loss_nats})


def _save(
    folder: Path,
    model: nn.Module,
    optimizer: torch.optim.Optimizer,
    history: History,
    batches: Iterable[Batch],
    tokenizer: SavesItself | None,
) -> None:
    """Write a checkpoint, and remove those that are neither among the newest nor the best."""
    path = checkpoint_path(folder, history.num_steps)
    save_checkpoint(path, model, optimizer, history=history, batches=batches, tokenizer=tokenizer)
    remove_old_checkpoints(folder, best=None if history.best is None else history.best[0])


def _log(log: ScalarLog | None, history: History, numbers: dict[str, float]) -> None:
    """Write numbers to a log, on one rank."""
    if log is not None and rank() == 0:
        for name, number in numbers.items():
            log.add_scalar(name, number, history.num_steps)
