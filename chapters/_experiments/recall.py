"""Recall from the context: a GPT and an LSTM, tuned alike, by training steps.

Both see the same texts of :class:`lmkit.tasks.RecallTask`. For each number of
steps, learning rate and spread of the initial weights are those of a grid with
the lowest loss, for a seed that is not used again; then each model is trained
from several seeds. Accuracy is measured on texts that nobody has trained on.
"""

import itertools
from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from lmkit.book import save_experiment
from lmkit.models import GPT, GPTConfig, LSTMConfig, LSTMLanguageModel
from lmkit.nn import initialise
from lmkit.tasks import RecallTask
from lmkit.training import TrainingConfig, fused_adamw, train, warmup_cosine

TASK = RecallTask()
STEPS = (200, 600, 2000)
SEEDS = (0, 1, 2, 3, 4)
RATES = (3e-3, 1e-2, 3e-2)
SPREADS = (0.02, 0.1, 0.5)
TUNED_UP_TO = 600  # more steps use the setting found for these
TUNING_SEED, EXAM_SEED = 100, 101


def make_gpt(spread: float, seed: int) -> GPT:
    """Two layers of attention."""
    sizes = {"d_model": 64, "num_layers": 2, "num_heads": 2, "d_ff": 64}
    model = GPT(
        GPTConfig(
            vocab_size=len(TASK.vocabulary),
            context_length=TASK.text_length,
            **sizes,
        ),
        seed=seed,
    )
    initialise(model, seed=seed, num_residual_layers=2, std=spread)
    return model


def make_lstm(spread: float, seed: int) -> LSTMLanguageModel:
    """One layer; 1.4 times the parameters of the GPT."""
    model = LSTMLanguageModel(
        LSTMConfig(vocab_size=len(TASK.vocabulary), d_model=96, num_layers=1),
        seed=seed,
    )
    initialise(model, seed=seed, std=spread)
    return model


MODELS: dict[str, Callable[[float, int], nn.Module]] = {
    "GPT": make_gpt,
    "LSTM": make_lstm,
}


def fit(model: nn.Module, rate: float, num_steps: int, seed: int) -> list[float]:
    """Train on fresh texts and return the loss of each step."""
    generator = torch.Generator().manual_seed(seed)
    batches = (TASK.batch(TASK.draw(32, generator)) for _ in itertools.count())
    schedule = warmup_cosine(rate, num_steps=num_steps, warmup_steps=num_steps // 10)
    optimizer = fused_adamw(model, rate, weight_decay=0.0)
    history = train(
        model,
        optimizer,
        batches,
        schedule,
        TrainingConfig(num_steps=num_steps),
        progress=False,
    )
    model.eval()
    return history.loss_nats


@torch.no_grad()
def accuracy_by_distance(model: nn.Module, num_texts: int = 1000) -> list[float]:
    """Percent of right answers at 2, 3, ... 23 tokens from fact to answer."""
    exam = TASK.draw(num_texts, torch.Generator().manual_seed(EXAM_SEED))
    distances = TASK.distances(exam)[:, :-1]
    is_right = model(exam[:, :-1]).argmax(dim=-1) == exam[:, 1:]
    return [round(100 * is_right[distances == d].double().mean().item(), 2) for d in range(2, 24)]


def far(accuracies: list[float]) -> float:
    """Mean accuracy at ten tokens and more."""
    return sum(accuracies[8:]) / len(accuracies[8:])


def tune(
    name: str,
    num_steps: int,
    rates: tuple[float, ...],
    spreads: tuple[float, ...],
) -> list[dict[str, float]]:
    """Try every learning rate with every spread of the initial weights."""
    trials = []
    for rate, spread in itertools.product(rates, spreads):
        model = MODELS[name](spread, TUNING_SEED)
        losses = fit(model, rate, num_steps, TUNING_SEED)
        last = losses[-num_steps // 10 :]
        accuracy = far(accuracy_by_distance(model, 300))
        trials.append(
            {
                "rate": rate,
                "spread": spread,
                "accuracy": accuracy,
                "loss": sum(last) / len(last),
            }
        )
    return trials


REDUCED = {"steps": (20,), "seeds": (0,), "rates": (1e-2,), "spreads": (0.1,)}


def run(
    steps: tuple[int, ...] = STEPS,
    seeds: tuple[int, ...] = SEEDS,
    rates: tuple[float, ...] = RATES,
    spreads: tuple[float, ...] = SPREADS,
) -> list[dict[str, Any]]:
    """Tune, train, measure."""
    results: list[dict[str, Any]] = []
    for name, num_steps in itertools.product(MODELS, steps):
        if num_steps <= TUNED_UP_TO or not results:
            trials = tune(name, min(num_steps, TUNED_UP_TO), rates, spreads)
        best = min(trials, key=lambda trial: trial["loss"])  # several settings reach 100 %
        runs = []
        for seed in seeds:
            model = MODELS[name](best["spread"], seed)
            losses = fit(model, best["rate"], num_steps, seed)
            tens = [round(sum(losses[i : i + 10]) / 10, 4) for i in range(0, num_steps - num_steps % 10, 10)]
            runs.append(
                {
                    "seed": seed,
                    "accuracy_by_distance": accuracy_by_distance(model),
                    "loss_by_ten_steps": tens,
                }
            )
        size = sum(weight.numel() for weight in model.parameters())
        results.append(
            {
                "model": name,
                "steps": num_steps,
                "parameters": size,
                "trials": trials,
                "best": best,
                "runs": runs,
            }
        )
    return results


if __name__ == "__main__":
    save_experiment(__file__, run)
