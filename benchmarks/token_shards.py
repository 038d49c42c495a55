"""Train from token shards on disk, and from the same tokens in memory: peak memory and speed.

    python -m benchmarks.token_shards --gigabytes 2

Tokens are random and take 16 bits. Each way to hold them runs in processes of its own, in turns, and speeds are medians
over the turns. "Training" is steps of a small GPT; "reading" takes windows in random order and does nothing with them.
In the first turn, shards are then read to the end, every window once. A process reports the largest resident set
that the kernel saw
(``ru_maxrss``, where mapped pages of files count, which the kernel can drop at any time) and the largest anonymous
part of it (``RssAnon``), which it cannot.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from statistics import median

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


def anonymous_bytes() -> int:
    """Memory of this process that no file backs."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("RssAnon"))


def measure(folder: Path, way: str, num_steps: int, num_batches: int, read_all: bool) -> dict[str, float]:
    """Train on the stream, read some of it for the speed, and perhaps all of it for the memory."""
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
    num_read = sum(batch.inputs.numel() for batch in islice(batches(), num_batches))
    reading_seconds = time.perf_counter() - start
    anonymous = anonymous_bytes()
    if read_all:
        for number, _ in enumerate(batches()):
            if number % 10_000 == 0:
                anonymous = max(anonymous, anonymous_bytes())
    return {
        "training": num_steps * BATCH * CONTEXT / training_seconds,
        "reading": num_read / reading_seconds,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        "anonymous": anonymous,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--gigabytes", type=float, default=2)
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--steps", type=int, default=50)
    parser.add_argument("--batches", type=int, default=10_000, help="how many to read for the speed")
    parser.add_argument("--read-all", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, default=None, help="where to keep the shards; they are removed")
    parser.add_argument("--measure", nargs=2, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.measure:
        folder, way = arguments.measure
        found = measure(Path(folder), way, arguments.steps, arguments.batches, arguments.read_all)
        print(json.dumps(found))
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
            f"written in {seconds:,.0f} s with a peak of {peak / 1e6:,.0f} MB",
            flush=True,
        )
        command = [sys.executable, "-m", "benchmarks.token_shards"]
        command += ["--steps", str(arguments.steps), "--batches", str(arguments.batches)]
        found: dict[str, list[dict[str, float]]] = {way: [] for way in WAYS}
        for turn in range(arguments.turns):
            for way in WAYS:
                whole = ["--read-all"] if turn == 0 and way == "shards" else []
                run = [*command, *whole, "--measure", str(folder), way]
                done = subprocess.run(run, check=True, capture_output=True, text=True)
                found[way].append(json.loads(done.stdout))
                print(turn, way, done.stdout.strip(), flush=True)
        for way, turns in found.items():
            training, reading = (median(turn[kind] for turn in turns) for kind in ("training", "reading"))
            peak, anonymous = (max(turn[kind] for turn in turns) / 1e6 for kind in ("peak", "anonymous"))
            print(
                f"{way:24} training {training:9,.0f} tokens/s, reading {reading / 1e6:6.2f} million tokens/s, "
                f"peak {peak:,.0f} MB, of which anonymous {anonymous:,.0f} MB"
            )


if __name__ == "__main__":
    main()
