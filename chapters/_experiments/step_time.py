"""Processor time of a training step and of writing, against the length of the text.

A GPT and an LSTM whose matrix products need nearly the same number of
multiplications for each token, on one thread. Measured is processor time, which
does not count the time that other programs take; several rounds go through all
settings, and the page uses the fastest of each.
"""

import time
from collections.abc import Callable

import torch

from lmkit.book import save_experiment
from lmkit.functional import cross_entropy
from lmkit.generation import generate
from lmkit.models import GPT, GPTConfig, LSTMConfig, LSTMLanguageModel

VOCABULARY = 1697
LENGTHS = (16, 32, 64, 128, 256, 512, 1024)
ROWS = (1, 8)
ROUNDS = 3
LONGEST_UNCACHED = 256


def make_models() -> dict[str, GPT | LSTMLanguageModel]:
    """The sizes of the shipped GPT, and an LSTM of as many multiplications."""
    gpt = GPTConfig(
        vocab_size=VOCABULARY,
        context_length=1024,
        d_model=128,
        num_layers=4,
        num_heads=4,
    )
    lstm = LSTMConfig(vocab_size=VOCABULARY, d_model=203, num_layers=2)
    return {"GPT": GPT(gpt), "LSTM": LSTMLanguageModel(lstm)}


def training_step(model: GPT | LSTMLanguageModel, rows: int, length: int) -> None:
    """Forward pass, loss and gradients."""
    ids = torch.arange(rows * (length + 1)).view(rows, length + 1) % VOCABULARY
    model.train()
    cross_entropy(model(ids[:, :-1]).flatten(0, 1), ids[:, 1:].flatten()).backward()
    model.zero_grad()


def writing(model: GPT | LSTMLanguageModel, length: int, use_cache: bool) -> None:
    """One text, token by token."""
    model.eval()
    generate(model, torch.zeros(1, 1, dtype=torch.long), max_new_tokens=length - 1, use_cache=use_cache)


def seconds(work: Callable[[], None]) -> float:
    """Processor time of the second call: the first finds memory in disorder."""
    work()
    start = time.process_time()
    work()
    return time.process_time() - start


REDUCED = {"lengths": (4, 8), "rows": (1,), "rounds": 1}


def run(
    lengths: tuple[int, ...] = LENGTHS,
    rows: tuple[int, ...] = ROWS,
    rounds: int = ROUNDS,
) -> list[dict[str, str | int | list[float]]]:
    """Measure all settings, in rounds."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    models = make_models()
    found: dict[tuple[str, str, int], list[float]] = {}
    for _ in range(rounds):
        for name, model in models.items():
            for length in lengths:
                for count in rows:
                    key = (name, f"training, {count} rows", length)
                    took = seconds(lambda m=model, c=count, n=length: training_step(m, c, n))
                    found.setdefault(key, []).append(took)
                for use_cache in (True, False):
                    if not use_cache and (name == "LSTM" or length > LONGEST_UNCACHED):
                        continue
                    key = (name, "writing" if use_cache else "writing, no cache", length)
                    took = seconds(lambda m=model, n=length, c=use_cache: writing(m, n, c))
                    found.setdefault(key, []).append(took)
    torch.set_num_threads(threads)
    return [
        {"model": name, "work": work, "length": length, "seconds": [round(took, 5) for took in times]}
        for (name, work, length), times in found.items()
    ]


if __name__ == "__main__":
    save_experiment(__file__, run)
