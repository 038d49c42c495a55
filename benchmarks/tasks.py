"""What fine-tuning brings: each task's figure beside a baseline's and a model's from scratch, and what it costs.

    OMP_NUM_THREADS=1 python -m benchmarks.tasks
    python -m benchmarks.tasks --tasks sentiment search --write     # also into benchmarks/README.md
    python -m benchmarks.tasks --labelled 100 --tasks entities sentiment --test 300 --write

The shipped model, fine-tuned in full and by LoRA, and a model of the same sizes with random weights learn from the same
examples in the same number of updates. Seconds are processor time of the training: with one thread, what it takes on a
core of its own, however busy the machine is. With --labelled, the shipped model and the one with random weights learn
from that few examples, other ones for each seed, and the difference is measured on the same test examples.
"""

import argparse
import time
from collections.abc import Sequence
from statistics import fmean
from typing import Any

import torch

from benchmarks.tables import header, line, write_rows
from lmkit.evaluation import Interval, paired_bootstrap
from lmkit.finetuning import FineTuningConfig
from lmkit.models import load_pretrained, load_tokenizer
from lmkit.recipes import TASK_RECIPES, TaskRecipe, learn
from lmkit.tasks import Task
from lmkit.training import machine_name

COLUMNS = {
    "tasks": (
        "machine",
        "task",
        "metric",
        "baseline",
        "from scratch",
        "fine-tuned",
        "LoRA",
        "seconds",
        "seconds, LoRA",
    ),
    "few labels": ("machine", "task", "metric", "examples", "seeds", "from scratch", "fine-tuned", "difference"),
}


def answers_after(
    recipe: TaskRecipe,
    task: Task[Any],
    examples: Sequence[Any],
    config: FineTuningConfig,
    *,
    from_scratch: bool = False,
) -> tuple[Sequence[Any], float]:
    """What a model says to the test examples after training, and how many seconds that took."""
    base = load_pretrained(recipe.model)
    if from_scratch:
        base = type(base)(base.config, seed=config.seed)
    learner = recipe.make_learner(base, load_tokenizer(recipe.model), task)
    started = time.process_time()
    learn(learner, examples, config, progress=False)
    seconds = time.process_time() - started
    return learner.answer(task.test), seconds


def compare_methods(name: str, num_train: int | None, num_test: int) -> list[str]:
    """The row of a task."""
    recipe = TASK_RECIPES[name]
    task = recipe.make_task(num_train=num_train or recipe.num_train, num_validation=0, num_test=num_test)
    cells, seconds = [], []
    baseline = recipe.baseline(task, load_tokenizer(recipe.model))
    cells.append(f"{recipe.baseline_name}: {cell(recipe.interval(baseline, task.test))}")
    for method, from_scratch in (("full", True), ("full", False), ("lora", False)):
        answers, taken = answers_after(
            recipe, task, task.train, recipe.config(method=method), from_scratch=from_scratch
        )
        cells.append(cell(recipe.interval(answers, task.test)))
        seconds.append(f"{taken:.0f}")
    return [name, recipe.metric, *cells, *seconds[1:]]


def compare_with_few_labels(name: str, num_labelled: int, num_seeds: int, num_test: int, num_steps: int) -> list[str]:
    """The row of a task with few examples. The figure is the mean over the seeds, on the same resamples."""
    recipe = TASK_RECIPES[name]
    task = recipe.make_task(num_train=num_seeds * num_labelled, num_validation=0, num_test=num_test)

    def figure(scores: Sequence[tuple[Any, ...]]) -> float:
        return fmean(recipe.statistic(of_seed) for of_seed in zip(*scores, strict=True))

    scores = []
    for from_scratch in (True, False):
        by_seed = []
        for seed in range(num_seeds):
            examples = task.train[seed * num_labelled : (seed + 1) * num_labelled]
            config = recipe.config(num_steps=num_steps, seed=seed)
            answers, _ = answers_after(recipe, task, examples, config, from_scratch=from_scratch)
            by_seed.append(recipe.score(answers, task.test))
        scores.append(list(zip(*by_seed, strict=True)))
    scratch, tuned = scores
    comparison = paired_bootstrap(tuned, scratch, figure, generator=torch.Generator().manual_seed(0))
    figures = [f"{figure(scratch):.3g}", f"{figure(tuned):.3g}", cell(comparison.difference)]
    return [name, recipe.metric, str(num_labelled), str(num_seeds), *figures]


def cell(interval: Interval) -> str:
    return f"{interval.value:.3g} ({interval.low:.3g} to {interval.high:.3g})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tasks", nargs="+", choices=list(TASK_RECIPES), default=list(TASK_RECIPES))
    parser.add_argument("--train", type=int, help="examples to learn from; by default those of lmkit finetune")
    parser.add_argument("--test", type=int, default=500, help="examples to be judged on")
    parser.add_argument("--labelled", type=int, help="compare with and without pre-training on so few examples")
    parser.add_argument("--seeds", type=int, default=3, help="with --labelled")
    parser.add_argument("--num-steps", type=int, default=60, help="updates with --labelled")
    parser.add_argument("--write", action="store_true", help="put the rows into benchmarks/README.md")
    arguments = parser.parse_args()
    table = "few labels" if arguments.labelled else "tasks"
    print(header(COLUMNS[table]), end="")
    for name in arguments.tasks:
        if arguments.labelled:
            cells = compare_with_few_labels(
                name, arguments.labelled, arguments.seeds, arguments.test, arguments.num_steps
            )
        else:
            cells = compare_methods(name, arguments.train, arguments.test)
        row = [machine_name(torch.device("cpu")), *cells]
        print(line(row), end="", flush=True)
        if arguments.write:
            write_rows(table, COLUMNS[table], [row])


if __name__ == "__main__":
    main()
