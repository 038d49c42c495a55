"""Say how far a long run is: a bar in a terminal, and where output goes to a file a line now and then."""

import time
from collections.abc import Callable
from typing import TextIO

from tqdm import tqdm


def show_progress(name: str, file: TextIO, clock: Callable[[], float] = time.monotonic) -> Callable[[int, int], None]:
    """Return a function that shows progress.

    Args:
        name: What is being done.
        file: Where it is written.
        clock: Returns the time in seconds.

    Returns:
        Takes the number of submissions that are done, and of all.

    Example:
        >>> import sys
        >>> seconds = iter([0, 30])
        >>> progress = show_progress("gpt", sys.stdout, clock=lambda: next(seconds))
        >>> progress(10, 40)
        gpt: 10 of 40 submissions, about 2 minutes left
    """
    if file.isatty():
        bar = tqdm(desc=name, unit="submission", file=file)

        def move(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)
            if done == total:
                bar.close()

        return move
    started = clock()

    def say(done: int, total: int) -> None:
        every = max(1, total // 20)
        if done % every == 0 or done == total:
            minutes = (clock() - started) / done * (total - done) / 60
            left = f"about {minutes:.0f} minutes left" if minutes >= 1 else "less than a minute left"
            print(f"{name}: {done} of {total} submissions, {left if done < total else 'done'}", file=file, flush=True)

    return say
