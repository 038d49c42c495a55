"""One change at a time from a good recipe, and each arm at its own learning rate.

Small GPTs read stories of the story world word by word; no text comes twice. The
recipe is AdamW with warm-up, cosine, clipping and weight decay of the matrices;
every arm changes one thing. Its learning rate is chosen on validation stories with
seeds that are not used again; as long as the best rate is at the edge of those
tried, the next one is tried too. The results are from other seeds, on test stories.
Within a seed all arms start from the same weights and, at equal batch size, see
the same texts in the same order.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from statistics import fmean
from typing import Any

import torch
from torch import Tensor, nn

from lmkit.book import save_experiment
from lmkit.data import Batch, next_token_batches
from lmkit.models import GPT, GPTConfig
from lmkit.storyworld import StoryWorld, words
from lmkit.training import (
    SGD,
    DivergenceError,
    TrainingConfig,
    evaluate_loss,
    fused_adamw,
    train,
    warmup_cosine,
)

WIDTH, LAYERS, HEADS, LENGTH, ROWS = 32, 2, 4, 32, 16
RATES = {
    "AdamW": (4e-3, 8e-3, 16e-3, 32e-3),
    "momentum": (0.05, 0.1, 0.2, 0.4),
}
"""The rates that are tried first."""


@dataclass(frozen=True)
class Recipe:
    """How an arm trains; the values here are the good recipe's. Warm-up and steps are shares of the full run."""

    optimizer: str = "AdamW"
    warmup: float = 0.1
    cosine: bool = True
    max_grad_norm: float = 1.0
    weight_decay: float = 0.1
    dropout: float = 0.0
    rows: int = ROWS
    steps: float = 1.0


GOOD = Recipe()
ARMS = {
    "the recipe": GOOD,
    "no cosine": replace(GOOD, cosine=False),
    "SGD with momentum": replace(GOOD, optimizer="momentum"),
    "batch × 2, steps / 2": replace(GOOD, rows=2 * ROWS, steps=0.5),
    "no warm-up": replace(GOOD, warmup=0.0),
    "no clipping": replace(GOOD, max_grad_norm=math.inf),
    "dropout 0.1": replace(GOOD, dropout=0.1),
    "no weight decay": replace(GOOD, weight_decay=0.0),
}
OPTIMIZERS: dict[str, Callable[[nn.Module, float, Recipe], torch.optim.Optimizer]] = {
    "AdamW": lambda model, rate, recipe: fused_adamw(model, rate, weight_decay=recipe.weight_decay),
    "momentum": lambda model, rate, recipe: SGD(model.parameters(), rate, momentum=0.9),
}


@cache
def vocabulary() -> dict[str, int]:
    """Ids of the world's words, and of the end of a story."""
    return {word: number for number, word in enumerate(["<end>", *StoryWorld().vocabulary])}


@cache
def stream(num_stories: int, seed: int) -> Tensor:
    """Stories as one stream of ids."""
    ids = vocabulary()
    texts = StoryWorld().texts(num_stories, seed=seed)
    return torch.tensor([ids[word] for text in texts for word in (*words(text), "<end>")])


@cache
def held_out(num_stories: int, seed: int) -> list[Batch]:
    """Stories that are never trained on."""
    return list(next_token_batches(stream(num_stories, seed), batch_size=64, context_length=LENGTH))


def run_one(recipe: Recipe, rate: float, seed: int, steps: int, ids: Tensor, measured_on: list[Batch]) -> float:
    """Train a model; returns its loss in nats per word, that of a uniform guess if it diverges."""
    config = GPTConfig(
        vocab_size=len(vocabulary()),
        context_length=LENGTH,
        d_model=WIDTH,
        num_layers=LAYERS,
        num_heads=HEADS,
        dropout=recipe.dropout,
    )
    model = GPT(config, seed=seed)
    batches = next_token_batches(
        ids,
        batch_size=recipe.rows,
        context_length=LENGTH,
        generator=torch.Generator().manual_seed(seed),
        num_epochs=None,
    )
    num_steps = max(1, round(steps * recipe.steps))
    schedule = warmup_cosine(
        rate,
        num_steps=num_steps,
        warmup_steps=int(num_steps * recipe.warmup),
        final_learning_rate=0.0 if recipe.cosine else rate,
    )
    how = TrainingConfig(num_steps=num_steps, max_grad_norm=recipe.max_grad_norm, seed=seed)
    try:
        train(model, OPTIMIZERS[recipe.optimizer](model, rate, recipe), batches, schedule, how, progress=False)
    except DivergenceError:
        return math.log(len(vocabulary()))
    return round(evaluate_loss(model.eval(), measured_on), 4)


def run_arm(
    recipe: Recipe, seeds: Sequence[int], tuning_seeds: Sequence[int], steps: int, num_stories: int, most_rates: int
) -> dict[str, Any]:
    """Choose the learning rate, and train from every seed."""
    ids, validation, test = stream(num_stories, 1), held_out(60, 2), held_out(120, 3)
    sweep: dict[float, list[float]] = {}
    to_try, best = list(RATES[recipe.optimizer][:most_rates]), 0.0
    while to_try and len(sweep) < most_rates:
        for rate in to_try:
            sweep[rate] = [run_one(recipe, rate, seed, steps, ids, validation) for seed in tuning_seeds]
        best = min(sweep, key=lambda rate: fmean(sweep[rate]))
        to_try = [best / 2] if best == min(sweep) else [2 * best] if best == max(sweep) else []
    return {
        "rates": sorted(sweep),
        "sweep": [sweep[rate] for rate in sorted(sweep)],
        "rate": best,
        "losses": [run_one(recipe, best, seed, steps, ids, test) for seed in seeds],
    }


REDUCED = {"seeds": (0,), "tuning_seeds": (100,), "steps": 2, "num_stories": 60, "most_rates": 1}


def run(
    seeds: Sequence[int] = (0, 1, 2, 3, 4),
    tuning_seeds: Sequence[int] = (100, 101),
    steps: int = 600,
    num_stories: int = 6000,
    most_rates: int = 8,
) -> dict[str, Any]:
    """All arms, and the lowest loss that is possible: the world's entropy, in nats per word."""
    entropy = StoryWorld().entropy()
    return {
        "entropy": entropy.nats_per_story / (entropy.words_per_story + 1),  # the end of a story counts as a word
        "arms": {name: run_arm(arm, seeds, tuning_seeds, steps, num_stories, most_rates) for name, arm in ARMS.items()},
    }


if __name__ == "__main__":
    save_experiment(__file__, run)
