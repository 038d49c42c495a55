"""Clean a corpus larger than the memory it takes: generated text on disk, peak memory of all processes together.

    python -m benchmarks.cleaning --megabytes 1000 --workers 2

Memory is the sum of the proportional set sizes (PSS) of this process and all that it starts, read twice a second, so
that a page that several processes share counts once. Needs Linux and the extras ``data`` and ``dev``.
"""

import argparse
import random
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

from lmkit.data import clean_files
from lmkit.data.corpus.files import write_documents

_SMALL_WORDS = "the of and to a in is that it was for on are as with they at be this have from or had by but"
STOP_WORDS = _SMALL_WORDS.split()
NUM_FILES = 16


def sentences(chooser: random.Random, count: int) -> list[str]:
    """Make sentences of random words, with the usual share of short and frequent ones."""
    syllables = [
        first + vowel + last for first in "bdfklmnprst" for vowel in "aeiou" for last in ("", "l", "n", "r", "s")
    ]
    words = ["".join(chooser.choices(syllables, k=chooser.randint(2, 4))) for _ in range(20_000)]
    made = []
    for _ in range(count):
        parts = [chooser.choice(STOP_WORDS if chooser.random() < 0.4 else words) for _ in range(chooser.randint(6, 20))]
        made.append(" ".join(parts).capitalize() + ".")
    return made


def documents(num_bytes: int, seed: int) -> Iterator[str]:
    """Make pages of about five kilobytes: in ten, one is a copy, one nearly so, and some hold what cleaning is for."""
    chooser = random.Random(seed)
    pool = sentences(random.Random(0), 50_000)
    earlier: list[list[str]] = []
    written = 0
    while written < num_bytes:
        fate = chooser.random()
        page = chooser.choices(pool, k=60)
        if fate < 0.2 and earlier:
            page = list(chooser.choice(earlier))
            if fate < 0.1:
                page[chooser.randrange(len(page))] = chooser.choice(pool)
        elif fate < 0.25:
            page[0] = "<p>Write to <b>someone@example.org</b> or call +1 555 010 4477.</p>"
        elif fate < 0.3:
            page[0] = "The cafÃ© is open â€“ really."
        elif fate < 0.35:
            page = page[:2]
        earlier = [*earlier[-99:], page]
        text = " ".join(page)
        written += len(text)
        yield text


class PeakMemory:
    """Watches the memory of this process and its children while a block runs."""

    def __enter__(self) -> "PeakMemory":
        self.total, self.largest = 0, 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        me = psutil.Process()
        while not self._stop.wait(0.5):
            sizes = []
            for process in [me, *me.children(recursive=True)]:
                try:
                    sizes.append(process.memory_full_info().pss)
                except psutil.NoSuchProcess:
                    continue
            self.total, self.largest = max(self.total, sum(sizes)), max(self.largest, *sizes)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--megabytes", type=int, default=1000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument(
        "--folder", type=Path, default=None, help="where to keep the text; a temporary folder if not given"
    )
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=arguments.folder) as name:
        folder = Path(name)
        paths = [folder / "raw" / f"{number:02d}.jsonl" for number in range(NUM_FILES)]
        num_documents = sum(
            write_documents(path, documents(arguments.megabytes * 1_000_000 // NUM_FILES, seed))
            for seed, path in enumerate(paths)
        )
        num_bytes = sum(path.stat().st_size for path in paths)
        print(f"{num_bytes / 1e6:,.0f} MB in {num_documents:,} documents and {NUM_FILES} files")
        start = time.perf_counter()
        with PeakMemory() as memory:
            report = clean_files(paths, folder / "clean", num_workers=arguments.workers)
        seconds = time.perf_counter() - start
        print(report)
        print(f"{arguments.workers} workers: {seconds:,.0f} s, {num_bytes / 1e6 / seconds:.2f} MB/s")
        print(
            f"peak memory: {memory.total / 1e6:,.0f} MB in all processes, {memory.largest / 1e6:,.0f} MB in the largest"
        )


if __name__ == "__main__":
    main()
