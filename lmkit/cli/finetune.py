"""``lmkit finetune``: a pre-trained model learns a task."""

import time
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Annotated, Any

import torch
import tyro

from lmkit.evaluation import Interval
from lmkit.finetuning import LoRAConfig, Method, merge_lora, remove_lora
from lmkit.recipes import TASK_RECIPES, TaskName, TaskRecipe, learn, load_model_and_tokenizer, save_task_model
from lmkit.tasks import Task, load_task
from lmkit.tokenizers.files import write_json, write_text
from lmkit.training import machine_name, pick_device


@dataclass(frozen=True, kw_only=True)
class Command:
    """Fine-tune a model for a task, and measure it beside a baseline that needs no network.

    The folder gets the model, its tokenizer, and a model card with the figures.

    Args:
        task: What to learn. Examples are stories and problems of the story world, unless there is a file.
        data: A .jsonl or .csv file with examples of your own, with the same fields. A tenth of it is set aside as test.
        model: Folder or name of a pre-trained model; by default the one that comes with the package for such a task.
        output: The folder; by default it is called like the task.
        method: What learns: all of the model, low-rank updates and the head, or the head alone.
        rank: Of the updates.
        train: How many examples to learn from, at most; by default as many as the task needs, 1000 for most.
        test: How many examples to be judged on, at most.
        num_steps: How many updates; by default as many as the task needs.
        batch_size: Examples per update.
        learning_rate: The highest; by default one that suits the method.
        seed: Of the examples' order, dropout and starting values.
        device: "auto" takes the GPU if there is one.
        progress: Show a progress bar.
    """

    task: Annotated[TaskName, tyro.conf.Positional]
    data: Path | None = None
    model: str | None = None
    output: Path | None = None
    method: Method = "full"
    rank: int = 8
    train: int | None = None
    test: int = 500
    num_steps: int | None = None
    batch_size: int = 16
    learning_rate: float | None = None
    seed: int = 0
    device: str = "auto"
    progress: bool = True

    def run(self) -> None:
        """Train, measure, write."""
        recipe, folder = TASK_RECIPES[self.task], self.output or Path(self.task)
        device = pick_device(self.device)
        task = self._task(recipe)
        base, tokenizer = load_model_and_tokenizer(self.model or recipe.model, device)
        learner = recipe.make_learner(base, tokenizer, task)
        config = recipe.config(
            method=self.method,
            num_steps=self.num_steps or recipe.num_steps,
            batch_size=self.batch_size,
            learning_rate=self.learning_rate,
            lora=LoRAConfig(rank=self.rank),
            seed=self.seed,
        )
        started = time.perf_counter()
        history = learn(learner, task.train, config, progress=self.progress)
        seconds = time.perf_counter() - started
        if self.method == "lora":
            merge_lora(learner.model)
            remove_lora(learner.model)
        figure = recipe.interval(learner.answer(task.test), task.test)
        baseline = recipe.interval(recipe.baseline(task, tokenizer), task.test)
        facts: dict[str, Any] = {
            "task": self.task,
            "summary": recipe.summary,
            "data": "story world" if self.data is None else str(self.data),
            "model": self.model or recipe.model,
            "command": self._command_line(),
            "labels": list(task.labels),
            "training examples": len(task.train),
            "test examples": len(task.test),
            "method": self.method,
            "steps": history.num_steps,
            "learned parameters": sum(weight.numel() for weight in learner.model.parameters() if weight.requires_grad),
            "seed": self.seed,
            "seconds": round(seconds, 3),
            "machine": machine_name(device),
            "torch": torch.__version__,
            "metric": recipe.metric,
            "figures": {"fine-tuned": _numbers(figure), f"baseline: {recipe.baseline_name}": _numbers(baseline)},
        }
        save_task_model(learner.model, tokenizer, folder)
        write_json(folder / "evaluation.json", facts)
        write_text(folder / "README.md", task_card(facts))
        print(f"{recipe.metric}: {figure}")
        print(f"{recipe.baseline_name}: {baseline}")
        print(f"saved: {folder}, after {seconds:.0f} s of training")

    def _task(self, recipe: TaskRecipe) -> Task[Any]:
        """Examples of the story world, or of the user's own file."""
        num_train = self.train or recipe.num_train
        if self.data is None:
            return recipe.make_task(num_train=num_train, num_validation=0, num_test=self.test)
        task = load_task(self.data, recipe.kind, validation=0.0, seed=self.seed)
        return Task(
            name=task.name,
            train=task.train[:num_train],
            validation=(),
            test=task.test[: self.test],
            labels=task.labels,
        )

    def _command_line(self) -> str:
        """The command as it could be given again."""
        options = (
            f" --{field.name.replace('_', '-')} {getattr(self, field.name)}"
            for field in fields(self)
            if field.name not in ("task", "device", "progress") and getattr(self, field.name) != field.default
        )
        return f"lmkit finetune {self.task}{''.join(options)}"


def task_card(facts: dict[str, Any]) -> str:
    """What a user of the model should know, in Markdown."""
    figures = "".join(
        f"| {name} | {figure['value']:.3f} | {figure['low']:.3f} to {figure['high']:.3f} |\n"
        for name, figure in facts["figures"].items()
    )
    labels = f"It knows the classes {', '.join(facts['labels'])}. " if facts["labels"] else ""
    return (
        f"# {facts['task']}\n\n{facts['summary']} {labels}Made from {facts['model']} by\n\n"
        f"    {facts['command']}\n\n"
        f"Data: {facts['data']}, {facts['training examples']:,} examples to learn from and "
        f"{facts['test examples']:,} to be judged on. {facts['steps']:,} updates of {facts['learned parameters']:,} "
        f"numbers, seed {facts['seed']}, took {facts['seconds']:.1f} s on {facts['machine']} "
        f"with torch {facts['torch']}.\n\n"
        f"| measured on the test examples | {facts['metric']} | 95 % interval |\n|---|---|---|\n{figures}\n"
        "The interval says how much the figure depends on the choice of test examples, not on the seed.\n"
    )


def _numbers(interval: Interval) -> dict[str, float]:
    return {"value": interval.value, "low": interval.low, "high": interval.high, "level": interval.level}
