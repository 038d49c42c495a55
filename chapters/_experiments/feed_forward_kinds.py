"""Kinds of feed-forward layer at equal size: which predicts stories better.

Small GPTs read stories of the story world word by word. Their feed-forward layers
are of one of four kinds with equally many parameters; the kind without a
non-linearity is the control. Each kind has the learning rate with the lowest
held-out loss for a seed that is not used again. Within a seed all kinds see the
same texts.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import torch
from torch import nn

from lmkit.book import save_experiment
from lmkit.data import next_token_batches
from lmkit.models import GPT, GPTConfig
from lmkit.nn import FeedForward, SwiGLU, initialise
from lmkit.training import TrainingConfig, constant, evaluate_loss, fused_adamw, train
from parts.word_stream import seen_words

LAYERS, LENGTH, ROWS = 2, 32, 16
SEEDS = tuple(range(5))
TUNING_SEED = 100
RATES = (1e-3, 3e-3, 1e-2)


def linear_feed_forward(d_model: int, d_ff: int) -> nn.Module:
    """A feed-forward layer without the non-linearity."""
    layer = FeedForward(d_model=d_model, d_ff=d_ff, activation="relu", bias=False)
    layer.activation = nn.Identity()
    return layer


KINDS: dict[str, Callable[[], nn.Module]] = {
    "ReLU": partial(FeedForward, d_model=64, d_ff=256, activation="relu", bias=False),
    "GELU": partial(FeedForward, d_model=64, d_ff=256, activation="gelu", bias=False),
    "SwiGLU": partial(SwiGLU, d_model=64, d_ff=171),
    "no non-linearity": partial(linear_feed_forward, d_model=64, d_ff=256),
}


def run_kind(kind: Callable[[], nn.Module], rate: float, seed: int, steps: int) -> float:
    """Train a model; returns its held-out loss in nats per word."""
    config = GPTConfig(
        vocab_size=seen_words().vocab_size, context_length=LENGTH, d_model=64, num_layers=LAYERS, num_heads=4
    )
    model = GPT(config)
    for layer in model.layers:
        layer.feed_forward = kind()
    initialise(model, seed=seed, num_residual_layers=LAYERS)
    batches = next_token_batches(
        seen_words().stories(1000, 1),
        batch_size=ROWS,
        context_length=LENGTH,
        generator=torch.Generator().manual_seed(seed),
        num_epochs=None,
    )
    how = TrainingConfig(num_steps=steps)
    train(model, fused_adamw(model, rate), batches, constant(rate), how, progress=False)
    held_out = next_token_batches(seen_words().stories(100, 2), batch_size=64, context_length=LENGTH)
    return evaluate_loss(model, held_out)


REDUCED = {"seeds": (0,), "rates": (3e-3,), "steps": 2}


def run(seeds: Sequence[int] = SEEDS, rates: Sequence[float] = RATES, steps: int = 300) -> dict[str, Any]:
    """Choose the learning rate of each kind, and train from every seed."""
    kinds = {}
    for name, kind in KINDS.items():
        tuning = [run_kind(kind, rate, TUNING_SEED, steps) for rate in rates]
        rate = rates[tuning.index(min(tuning))]
        losses = [run_kind(kind, rate, seed, steps) for seed in seeds]
        parameters = sum(p.numel() for p in kind().parameters())
        kinds[name] = {"parameters": parameters, "tuning": tuning, "rate": rate, "losses": losses}
    return {"kinds": kinds}


if __name__ == "__main__":
    save_experiment(__file__, run)
