"""Tasks from a user's own file: how many rows are used, and whether there is enough to learn."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from lmkit.recipes.task_recipe import TaskRecipe
from lmkit.tasks import Task, count_labels, load_task


def own_task(
    path: Path,
    recipe: TaskRecipe,
    *,
    test_path: Path | None = None,
    labels: Sequence[str] | None = None,
    num_train: int | None = None,
    num_test: int | None = None,
    seed: int = 0,
) -> Task[Any]:
    r"""Make a task from a file of your own.

    Args:
        path: A ``.jsonl`` or ``.csv`` file with examples of the recipe's kind.
        recipe: The recipe of the task.
        test_path: Another file with the test examples; ``None`` sets aside a tenth of ``path``.
        labels: The allowed classes; any other label is an error. ``None`` for those that occur in ``path``.
        num_train: How many examples to learn from, drawn at random; ``None`` for all.
        num_test: How many examples to test on, drawn at random; ``None`` for all.
        seed: Seed of the split and of the random draws.

    Returns:
        The task.

    Raises:
        ValueError: As :func:`lmkit.tasks.load_task`, or if the training examples have fewer than two classes, or a
            number is less than 1.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> from lmkit.recipes import TASK_RECIPES
        >>> rows = [f"Day {day} was {word}.,{word}" for day in range(5) for word in ("good", "bad")]
        >>> with TemporaryDirectory() as folder:
        ...     path = Path(folder, "days.csv")
        ...     _ = path.write_text("\n".join(["text,label", *rows]))
        ...     task = own_task(path, TASK_RECIPES["sentiment"])
        >>> task.labels, len(task.train), len(task.test)
        (('bad', 'good'), 9, 1)
    """
    task = load_task(
        path,
        recipe.kind,
        validation=0.0,
        test=0.1 if test_path is None else test_path,
        labels=labels,
        label_type=recipe.label_type,
        seed=seed,
    )
    task = replace(
        task,
        train=_draw("num_train", task.train, num_train, seed),
        test=_draw("num_test", task.test, num_test, seed),
    )
    found = count_labels(task.train)
    if recipe.label_type is str and len(found) < 2:
        raise ValueError(
            f"file {str(path)!r}: the {len(task.train)} training examples all have the label {next(iter(found))!r}; "
            "a classifier needs at least two"
        )
    if task.labels and not found:
        raise ValueError(f"file {str(path)!r}: the {len(task.train)} training examples have no label")
    return task


def _draw(name: str, examples: Sequence[Any], number: int | None, seed: int) -> tuple[Any, ...]:
    """Draw some of the examples, and keep their order."""
    if number is not None and number < 1:
        raise ValueError(f"{name}={number} must be at least 1")
    if number is None or number >= len(examples):
        return tuple(examples)
    chosen = torch.randperm(len(examples), generator=torch.Generator().manual_seed(seed))[:number]
    return tuple(examples[i] for i in sorted(chosen.tolist()))
