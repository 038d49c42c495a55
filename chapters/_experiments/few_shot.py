"""What ``storyworld-base`` answers after no example, and after some.

For each task and number of examples, the share of right answers, with three
kinds of examples: right ones; ones with the answer of another example; ones of
another task. The last two are controls: if they did as well, the answers would
not come from what the examples show.

"time" and "new letters" never were a task in pre-training. For both kinds of
letters, the examples show the right letter with probability 1 - 2 ** -n only,
n being their number: this is the ceiling for a model that cannot guess.
"""

import math
from collections.abc import Sequence
from typing import Any

from lmkit.book import save_experiment
from lmkit.models import load_pretrained, load_tokenizer
from lmkit.recipes.base_scores import context_hits

OTHER_TASK = {
    "who": "thing",
    "thing": "who",
    "place": "thing",
    "job": "place",
    "food": "who",
    "time": "place",
    "chinese": "who",
    "english": "chinese",
    "kind": "letters",
    "word": "kind",
    "letters": "kind",
    "new letters": "kind",
    "sentiment": "who",
    "problems": "kind",
    "questions": "kind",
}
LONG = {"problems": (0, 1, 2, 4), "questions": (0, 1, 2)}  # the context has no room
REDUCED = {"tasks": ("who", "problems"), "shown": (0, 2), "num_prompts": 2}


def share(hits: Sequence[bool]) -> dict[str, float]:
    """The share of right answers with Wilson's 95 % interval."""
    n, z = len(hits), 1.96
    right = sum(hits) / n
    centre = (right + z * z / (2 * n)) / (1 + z * z / n)
    variance = right * (1 - right) / n + z * z / (4 * n * n)
    half = z * math.sqrt(variance) / (1 + z * z / n)
    low, high = centre - half, centre + half
    numbers = {"right": right, "low": max(low, 0.0), "high": min(high, 1.0)}
    return {name: round(number, 4) for name, number in numbers.items()}


def run(
    tasks: Sequence[str] = tuple(OTHER_TASK),
    shown: Sequence[int] = (0, 1, 2, 4, 8),
    num_prompts: int = 60,
    model_name: str = "storyworld-base",
) -> list[dict[str, Any]]:
    """Measure the accuracy of every task, number and kind of examples."""
    model, tokenizer = load_pretrained(model_name), load_tokenizer(model_name)
    rows = []
    for task in tasks:
        for with_steps in (False, True) if task in LONG else (False,):
            for number in [n for n in shown if n in LONG.get(task, shown)]:
                kinds: dict[str, dict[str, Any]] = {"right examples": {}}
                if number > 0 and not with_steps:
                    kinds["another task"] = {"shown_task": OTHER_TASK[task]}
                if number > 1 and not with_steps:
                    kinds["answers shuffled"] = {"shuffled": True}
                for kind, control in kinds.items():
                    hits = context_hits(
                        model,
                        tokenizer,
                        task,
                        number,
                        num_prompts,
                        with_steps=with_steps,
                        **control,
                    )
                    row = {"task": task, "with_steps": with_steps, "shown": number}
                    rows.append(row | {"examples": kind} | share(hits))
    return rows


if __name__ == "__main__":
    save_experiment(__file__, run)
