"""Train from token shards on disk, and from the same tokens in memory: peak memory and speed.

    python -m benchmarks.token_shards --gigabytes 2

Tokens are random and take 16 bits. Each way to hold them runs
in a process of its own, which reports the largest resident set that the kernel saw (``ru_maxrss``: mapped pages count).
"Reading" takes every window once, in random order, and does nothing with it. "Training" is steps of a small GPT.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch

from lmkit.data import TokenStream, load_token_stream, next_token_batches, write_token_shards
from lmkit.models import GPT, GPTConfig
from lmkit.training import fused_adamw, train_step

VOCAB_SIZE = 4096
CONTEXT = 128
BATCH = 16
DOCUMENT_TOKENS = 1000
WAYS = ("shards", "shards, random windows", "memory")


class RandomTokenizer:
    """Turns each document, which is a number, into one of a hundred rows of random tokens."""

    vocab_size = VOCAB_SIZE
    special_tokens: dict[str, int] = {}  # noqa: RUF012

    def __init__(self) -> None:
        self.rows = np.random.default_rng(0).integers(VOCAB_SIZE, size=(100, DOCUMENT_TOKENS)).tolist()

    def encode_batch(self, texts: list[str]) -> list[list[int]]:
        """Choose a row for each."""
        return [self.rows[int(text) % 100] for text in texts]


def numbers(count: int) -> Iterator[str]:
    yield from (f"{number:01000d}" for number in range(count))


def measure(folder: Path, way: str, num_steps: int) -> dict[str, float]:
    """Read the stream once, and train on it."""
    torch.set_num_threads(1)
    stream: TokenStream = load_token_stream(folder, verify=False)
    if way == "memory":
        stream = stream[:]

    def batches(**options: object) -> Iterator:
        return next_token_batches(
            stream,
            batch_size=BATCH,
            context_length=CONTEXT,
            generator=torch.Generator().manual_seed(0),
            random_windows="random" in way,
            **options,
        )

    model = GPT(
        GPTConfig(vocab_size=VOCAB_SIZE, context_length=CONTEXT, d_model=128, num_layers=4, num_heads=4), seed=0
    )
    optimizer = fused_adamw(model, 1e-3)
    training = batches(num_epochs=None)
    for _ in range(5):
        train_step(model, optimizer, next(training))
    start = time.perf_counter()
    for _ in range(num_steps):
        train_step(model, optimizer, next(training))
    training_seconds = time.perf_counter() - start
    start = time.perf_counter()
    num_read = sum(batch.inputs.numel() for batch in batches())
    reading_seconds = time.perf_counter() - start
    return {
        "training": num_steps * BATCH * CONTEXT / training_seconds,
        "reading": num_read / reading_seconds,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--gigabytes", type=float, default=2)
    parser.add_argument("--steps", type=int, default=50)
    parser.add_argument("--folder", type=Path, default=None, help="where to keep the shards; they are removed")
    parser.add_argument("--measure", nargs=2, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.measure:
        print(json.dumps(measure(Path(arguments.measure[0]), arguments.measure[1], arguments.steps)))
        return
    with tempfile.TemporaryDirectory(dir=arguments.folder) as name:
        folder = Path(name) / "tokens"
        count = int(arguments.gigabytes * 1e9 / 2 / DOCUMENT_TOKENS)
        start = time.perf_counter()
        stream = write_token_shards(RandomTokenizer(), numbers(count), folder, progress=False)
        seconds = time.perf_counter() - start
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        print(
            f"{len(stream):,} tokens, {2 * len(stream) / 1e9:.2f} GB in {len(stream.index.shards)} shards, "
            f"written in {seconds:,.0f} s with a peak of {peak / 1e6:,.0f} MB"
        )
        for way in WAYS:
            command = [sys.executable, "-m", "benchmarks.token_shards", "--steps", str(arguments.steps)]
            done = subprocess.run([*command, "--measure", str(folder), way], check=True, capture_output=True, text=True)
            found = json.loads(done.stdout)
            print(
                f"{way:24} training {found['training']:9,.0f} tokens/s, reading {found['reading'] / 1e6:6.2f} million "
                f"tokens/s, peak {found['peak'] / 1e6:,.0f} MB"
            )


if __name__ == "__main__":
    main()
