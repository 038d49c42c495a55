"""Loss against model size and amount of text, on stories whose entropy is exactly known.

Small Llamas read stories word by word, each story once. The learning rate comes from a rule
that is fitted to the best rates of a few small runs; one run that the rule has not seen is
repeated at half and at twice its rate. The runs of the grid are for fitting a law; the
larger ones are for testing it. Every run is scored on the same unseen stories, and so is the
world itself.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
import torch

from lmkit.book import save_experiment
from lmkit.data import document_batches
from lmkit.models import Llama, LlamaConfig
from lmkit.nn import initialise
from lmkit.storyworld import StoryWorld, words
from lmkit.training import TrainingConfig, evaluate_loss, fused_adamw, train, warmup_cosine

WORLD = StoryWorld()
VOCABULARY = ["", *WORLD.vocabulary]  # the empty word precedes and ends a story
INDEX = {word: number for number, word in enumerate(VOCABULARY)}
NUM_LAYERS, HEAD_WIDTH, TOKENS_PER_BATCH, LONGEST = 2, 12, 512, 128
HELD_OUT_SEED, NUM_HELD_OUT = 2_000_000, 600
TUNING_SEED = 100
RATES = (0.004, 0.01, 0.025, 0.0625)
WORDS_PER_STORY = WORLD.entropy().words_per_story


@cache
def held_out() -> tuple[str, ...]:
    """Stories that no run reads."""
    return tuple(WORLD.texts(NUM_HELD_OUT, seed=HELD_OUT_SEED))


def encode(texts: Sequence[str]) -> list[list[int]]:
    """Word ids of each story."""
    return [[INDEX[word] for word in words(text)] for text in texts]


def per_word(total_nats: float) -> float:
    """Nats per word, of the total of the held-out stories; the end of a story is scored but not counted."""
    return round(total_nats / sum(map(len, encode(held_out()))), 5)


def config(width: int) -> LlamaConfig:
    """Sizes of the model of a width."""
    return LlamaConfig(
        vocab_size=len(VOCABULARY),
        context_length=LONGEST,
        d_model=width,
        num_layers=NUM_LAYERS,
        num_heads=width // HEAD_WIDTH,
        d_ff=8 * width // 3,
        tie_embeddings=True,
    )


def encoded(num_tokens: int, seed: int) -> list[list[int]]:
    """Stories that have about so many tokens, with the one that ends each."""
    return encode(list(WORLD.texts(round(num_tokens / (WORDS_PER_STORY + 1)), seed=seed)))


def fit(width: int, num_tokens: int, rate: float, seed: int) -> dict[str, Any]:
    """Train one model, which reads each story once, and score it."""
    model = Llama(config(width))
    initialise(model, seed=seed, std=width**-0.5, num_residual_layers=NUM_LAYERS)
    stories = encoded(num_tokens, seed)
    reading = {"tokens_per_batch": TOKENS_PER_BATCH, "end_of_text_id": 0}
    steps = len(document_batches(stories, **reading))
    train(
        model,
        fused_adamw(model, rate),
        document_batches(stories, generator=torch.Generator().manual_seed(seed), **reading),
        warmup_cosine(rate, num_steps=steps, warmup_steps=steps // 10),
        TrainingConfig(num_steps=steps),
        progress=False,
    )
    unseen = encode(held_out())
    scored = sum(len(story) + 1 for story in unseen)
    mean_loss = evaluate_loss(model, document_batches(unseen, tokens_per_batch=4096, end_of_text_id=0))
    return {
        "width": width,
        "parameters": sum(weight.numel() for weight in model.parameters()),
        "tokens": sum(len(story) + 1 for story in stories),
        "steps": steps,
        "rate": round(rate, 6),
        "seed": seed,
        "loss": per_word(scored * mean_loss),
    }


def best_rate(rates: Sequence[float], losses: Sequence[float]) -> float:
    """Lowest point of the parabola through the best rate and its neighbours, on a logarithmic axis."""
    best = int(np.argmin(losses))
    if not 0 < best < len(rates) - 1:
        return rates[best]
    around = slice(best - 1, best + 2)
    square, slope, _ = np.polyfit(np.log(rates[around]), losses[around], 2)
    return float(np.exp(-slope / (2 * square)))


REDUCED = {
    "tuning": ((12, 2000),),
    "rates": (0.01,),
    "grid": ((12, 2000),),
    "check": (12, 2000),
    "tests": ((24, 2000, 1),),
}


def run(
    tuning: Sequence[tuple[int, int]] = ((24, 40_000), (24, 160_000), (72, 40_000), (72, 160_000)),
    rates: Sequence[float] = RATES,
    grid: Sequence[tuple[int, int]] = tuple((width, 40_000 * 2**k) for width in (12, 24, 36, 48, 72) for k in range(4)),
    check: tuple[int, int] = (48, 160_000),
    tests: Sequence[tuple[int, int, int]] = ((96, 640_000, 2),),
) -> dict[str, Any]:
    """Fit the rule for the learning rate, then train the grid and the larger runs.

    Args:
        tuning: Width and number of tokens of the small runs for the rule.
        rates: The learning rates that each of them tries.
        grid: Width and number of tokens of each run for the law.
        check: Width and number of tokens of the run that is repeated at half and twice the rule's rate.
        tests: Width, number of tokens and number of seeds of the larger runs.
    """
    sweeps = []
    for width, tokens in tuning:
        losses = [fit(width, tokens, rate, TUNING_SEED)["loss"] for rate in rates]
        sweeps.append({"width": width, "tokens": tokens, "losses": losses, "best": best_rate(rates, losses)})
    sizes = np.array([[1, np.log(sweep["width"]), np.log(sweep["tokens"])] for sweep in sweeps])
    rule = np.linalg.lstsq(sizes, np.log([sweep["best"] for sweep in sweeps]), rcond=None)[0]

    def rate_for(width: int, tokens: int) -> float:
        return float(np.exp(rule @ [1, np.log(width), np.log(tokens)]))

    runs = [fit(width, tokens, rate_for(width, tokens), seed) for seed, (width, tokens) in enumerate(grid)]
    other = [fit(*check, factor * rate_for(*check), len(grid)) for factor in (0.5, 1.0, 2.0)]
    larger = [
        fit(width, tokens, rate_for(width, tokens), 1000 + seed)
        for width, tokens, num_seeds in tests
        for seed in range(num_seeds)
    ]
    return {
        "entropy": round(WORLD.entropy().nats_per_word, 5),
        "world_loss": per_word(-sum(map(WORLD.log_prob, held_out()))),
        "sweeps": sweeps,
        "rule": rule.tolist(),
        "runs": runs,
        "check": other,
        "tests": larger,
    }


if __name__ == "__main__":
    save_experiment(__file__, run)
