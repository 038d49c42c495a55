"""One table for reading and writing, or two: loss of a small GPT on stories.

Each arm has its own sweep of learning rates, with a seed that is not used
again; then it is trained from several seeds with the best rate. The loss is
that on stories that nobody has trained on.
"""

from typing import Any

import torch

from lmkit.book import save_experiment
from lmkit.data import END_OF_TEXT, Batch, encode_corpus, next_token_batches
from lmkit.models import GPT, GPTConfig
from lmkit.nn import initialise
from lmkit.storyworld import StoryWorld
from lmkit.tokenizers import train_bpe
from lmkit.training import TrainingConfig, fused_adamw, train, warmup_cosine

RATES = (5e-3, 1e-2, 2e-2)
SEEDS = (0, 1, 2, 3, 4)
STEPS = 150
TUNING_SEED = 100


def stories(num_stories: int) -> tuple[torch.Tensor, Batch, int]:
    """Tokens to train on, held-out rows, and the size of the vocabulary."""
    world = StoryWorld()
    texts = list(world.texts(num_stories, seed=0))
    tokenizer = train_bpe(texts, 1200, (END_OF_TEXT,), progress=False)
    stream = encode_corpus(tokenizer, texts, progress=False)
    others = encode_corpus(tokenizer, list(world.texts(200, seed=5)), progress=False)
    held_out = next(iter(next_token_batches(others, batch_size=64, context_length=64)))
    return stream, held_out, tokenizer.vocab_size


def fit(tie: bool, rate: float, seed: int, steps: int, data: tuple[torch.Tensor, Batch, int]) -> tuple[float, int]:
    """Train one model; its held-out loss and its number of parameters."""
    stream, held_out, vocab_size = data
    config = GPTConfig(
        vocab_size=vocab_size,
        context_length=64,
        d_model=64,
        num_layers=2,
        num_heads=4,
        tie_embeddings=tie,
    )
    model = GPT(config)
    initialise(model, seed=seed, std=0.125, num_residual_layers=2)
    generator = torch.Generator().manual_seed(seed)
    batches = next_token_batches(stream, batch_size=16, context_length=64, generator=generator, num_epochs=None)
    history = train(
        model,
        fused_adamw(model, rate),
        batches,
        warmup_cosine(rate, num_steps=steps, warmup_steps=max(1, steps // 10)),
        TrainingConfig(num_steps=steps, evaluate_every=steps),
        validation_batches=[held_out],
        progress=False,
    )
    return history.validation[-1][1], sum(weight.numel() for weight in model.parameters())


REDUCED = {"rates": (1e-2,), "seeds": (0,), "steps": 2, "num_stories": 300}


def run(
    rates: tuple[float, ...] = RATES,
    seeds: tuple[int, ...] = SEEDS,
    steps: int = STEPS,
    num_stories: int = 4000,
) -> list[dict[str, Any]]:
    """Tune and train both arms."""
    data = stories(num_stories)
    results = []
    for tie in (True, False):
        trials = [[rate, fit(tie, rate, TUNING_SEED, steps, data)[0]] for rate in rates]
        best = min(trials, key=lambda trial: trial[1])[0]
        runs = [fit(tie, best, seed, steps, data) for seed in seeds]
        results.append(
            {
                "tied": tie,
                "trials": trials,
                "rate": best,
                "losses": [round(loss, 4) for loss, _ in runs],
                "parameters": runs[0][1],
            }
        )
    return results


if __name__ == "__main__":
    save_experiment(__file__, run)
