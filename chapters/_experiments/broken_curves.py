"""Loss curves of runs with one fault each.

Small GPTs read stories of the story world word by word, and each run has one
fault in its data, its optimiser or its learning rate. Recorded are the loss of
each step on the training batch and, every few steps, the loss on stories that are
never trained on. A fault of the code that makes batches is in both. Beside them
are the heights that one can know beforehand: a uniform guess, a guess by the
frequency of the words, and the world's entropy.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor

from lmkit.book import save_experiment
from lmkit.data import Batch, next_token_batches
from lmkit.models import GPT, GPTConfig
from lmkit.storyworld import StoryWorld
from lmkit.training import TrainingConfig, fused_adamw, train, warmup_cosine
from parts.word_stream import all_words

WIDTH, LAYERS, HEADS, LENGTH, ROWS = 32, 2, 4, 32, 16
MANY, FEW = 4000, 40
RATE = 0.016


@dataclass(frozen=True)
class Fault:
    """What is wrong with a run; the values here are those of a healthy one."""

    rate: float = RATE
    stories: int = MANY
    targets: Callable[[Batch], Tensor] = lambda batch: batch.targets
    broken_shard: bool = False
    other_weights: bool = False


FAULTS = {
    "nothing": Fault(),
    "the rate is ten times too high": Fault(rate=10 * RATE),
    "the rate is a hundred times too low": Fault(rate=RATE / 100),
    "the optimiser holds other weights": Fault(other_weights=True),
    "targets come from another row": Fault(targets=lambda batch: batch.targets.roll(1, dims=0)),
    "targets are not shifted": Fault(targets=lambda batch: batch.inputs),
    "the same forty stories again and again": Fault(stories=FEW),
    "one shard of the data is noise": Fault(broken_shard=True),
}


def training_batches(fault: Fault, seed: int, steps: int) -> Iterator[Batch]:
    """Batches with the fault; the broken shard is a twentieth of the run, just after its middle."""
    generator = torch.Generator().manual_seed(seed)
    batches = next_token_batches(
        all_words().stories(fault.stories, 1),
        batch_size=ROWS,
        context_length=LENGTH,
        generator=generator,
        num_epochs=None,
    )
    for step, batch in zip(range(steps), batches, strict=False):
        if fault.broken_shard and steps // 2 <= step < steps // 2 + steps // 20:
            noise = torch.randint(all_words().vocab_size, (ROWS, LENGTH + 1), generator=generator)
            yield Batch(inputs=noise[:, :-1], targets=noise[:, 1:])
        else:
            yield replace(batch, targets=fault.targets(batch))


def run_one(fault: Fault, seed: int, steps: int, every: int) -> dict[str, Any]:
    """Train with a fault; returns both curves in nats per word, up to where the run breaks off."""
    sizes = {"context_length": LENGTH, "d_model": WIDTH, "num_layers": LAYERS, "num_heads": HEADS}
    config = GPTConfig(vocab_size=all_words().vocab_size, **sizes)
    model = GPT(config, seed=seed)
    optimizer = fused_adamw(GPT(config, seed=seed) if fault.other_weights else model, fault.rate)
    held_out = [
        replace(batch, targets=fault.targets(batch))
        for batch in next_token_batches(all_words().stories(100, 2), batch_size=64, context_length=LENGTH)
    ]
    history = train(
        model,
        optimizer,
        training_batches(fault, seed, steps),
        warmup_cosine(fault.rate, num_steps=steps, warmup_steps=steps // 10),
        TrainingConfig(num_steps=steps, evaluate_every=every),
        validation_batches=held_out,
        progress=False,
    )
    return {
        "training": [round(loss, 3) for loss in history.loss_nats],
        "validation": [(step, round(loss, 3)) for step, loss in history.validation],
    }


REDUCED = {"seeds": (0,), "steps": 20, "every": 10}


def run(seeds: Sequence[int] = (0, 1, 2), steps: int = 200, every: int = 20) -> dict[str, Any]:
    """All runs, and the known heights."""
    entropy = StoryWorld().entropy()
    return {
        "uniform": math.log(all_words().vocab_size),
        "frequencies": all_words().frequency_loss(MANY),
        "entropy": entropy.nats_per_story / (entropy.words_per_story + 1),  # the end of a story counts as a word
        "runs": {name: [run_one(fault, seed, steps, every) for seed in seeds] for name, fault in FAULTS.items()},
    }


if __name__ == "__main__":
    save_experiment(__file__, run)
