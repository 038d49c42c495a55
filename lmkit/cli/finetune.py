"""``lmkit finetune``: a pre-trained model learns a task."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import torch
import tyro

from lmkit.cli.command_line import command_line
from lmkit.finetuning import LoRAConfig, Method
from lmkit.models import load_special_ids
from lmkit.recipes import TASK_RECIPES, TaskName, TaskRecipe, load_model_and_tokenizer, own_task
from lmkit.recipes.model_cards import interval_facts, task_card
from lmkit.recipes.saved_model import find_model
from lmkit.recipes.trained_task import learn_and_save, require_free
from lmkit.tasks import Task, count_labels, doubtful_labels
from lmkit.tokenizers.files import write_json, write_text
from lmkit.training import machine_name, pick_device


@dataclass(frozen=True, kw_only=True)
class Command:
    """Fine-tune a model for a task, and compare it with a baseline that needs no network.

    The folder gets the model, its tokenizer, and a model card with the scores. lmkit predict then answers for new
    texts. Each line of a file of your own is one example, with these fields:

    sentiment: text, label. relations: first, second, label. matching: first, second, label (a number).
    entities: text, spans ([[start, end, label], ...]). questions: question, text, answer, span ([start, end]).
    answers and problems: prompt, answer, and maybe steps ([step, ...]). search, summaries and translation: source,
    target.

    A .jsonl line is an object with these fields; the first line of a .csv file names them. Spans and steps need .jsonl.
    Start and end count characters from 0, and the end is the character after the last.

    Args:
        task: What to learn. Without --data, the examples are stories and problems of the story world.
        data: A .jsonl or .csv file with examples of your own, with the fields that are listed above.
        test_data: Another such file with the test examples; by default a tenth of --data is set aside for the test.
        labels: The labels that there are. With them, any other label in the data is an error, such as a typo.
        model: Folder or name of a pre-trained model; by default the one that comes with the package for such a task.
        output: The folder; by default it is called like the task.
        overwrite: Replace the model that the folder may have.
        method: What learns: all of the model, low-rank updates and the head, or the head alone.
        rank: Rank of the low-rank updates.
        train: How many examples to learn from; by default all of --data, or as many of the story world as the task
            needs, 1000 for most.
        test: How many examples to test on; by default all that were set aside, or 500 of the story world.
        num_steps: How many updates; by default as many as the task needs, and with --data at least enough to read every
            example once.
        batch_size: Examples per update.
        learning_rate: The highest; by default one that suits the method.
        seed: Seed of the split, the examples' order, dropout and starting values.
        device: "auto" takes the GPU if there is one.
        progress: Show a progress bar.
    """

    task: Annotated[TaskName, tyro.conf.Positional]
    data: Path | None = None
    test_data: Path | None = None
    labels: tuple[str, ...] = ()
    model: str | None = None
    output: Path | None = None
    overwrite: bool = False
    method: Method = "full"
    rank: int = 8
    train: int | None = None
    test: int | None = None
    num_steps: int | None = None
    batch_size: int = 16
    learning_rate: float | None = None
    seed: int = 0
    device: str = "auto"
    progress: bool = True

    def run(self) -> None:
        """Check, train, save, test."""
        recipe, folder = TASK_RECIPES[self.task], self.output or Path(self.task)
        require_free(folder, overwrite=self.overwrite)
        device = pick_device(self.device)
        task = self._task(recipe)
        model_name = self.model or recipe.model
        base, tokenizer = load_model_and_tokenizer(model_name, device)
        special_ids = load_special_ids(find_model(model_name))
        learner = recipe.make_learner(base, tokenizer, task, special_ids)
        learner.make_batches(task.test, batch_size=1)  # a test example that does not fit is found before the training
        num_steps = self.num_steps or recipe.num_steps
        if self.data is not None and self.num_steps is None:
            num_steps = max(num_steps, -(-len(task.train) // self.batch_size))
        config = recipe.config(
            method=self.method,
            num_steps=num_steps,
            batch_size=self.batch_size,
            learning_rate=self.learning_rate,
            lora=LoRAConfig(rank=self.rank),
            seed=self.seed,
        )
        baseline = recipe.interval(recipe.baseline(task, tokenizer), task.test)
        print(f"{recipe.baseline_name}: {recipe.metric} {baseline}")
        epochs = num_steps * self.batch_size / len(task.train)
        print(f"training: {num_steps:,} updates of {self.batch_size} examples, {epochs:.1f} times through them")
        run = learn_and_save(
            learner, tokenizer, task.train, config, folder, special_ids=special_ids, progress=self.progress
        )
        facts: dict[str, Any] = {
            "task": self.task,
            "summary": recipe.summary if self.data is None else f"A model for the task {self.task}, from own data.",
            "data": "story world" if self.data is None else str(self.data),
            "model": model_name,
            "command": command_line("finetune", self, "task"),
            "labels": list(task.labels),
            "labels in training": count_labels(task.train),
            "training examples": len(task.train),
            "test examples": len(task.test),
            "method": self.method,
            "steps": run.history.num_steps,
            "learned parameters": run.num_learned,
            "seed": self.seed,
            "seconds": round(run.seconds, 3),
            "machine": machine_name(device),
            "torch": torch.__version__,
            "metric": recipe.metric,
            "figures": {},
        }
        write_json(folder / "evaluation.json", facts)  # from here on, the model can be used
        print(f"saved: the model in {folder}, after {run.seconds:.0f} s of training", flush=True)
        score = recipe.interval(learner.answer(task.test), task.test)
        scores = {"fine-tuned": score, f"baseline: {recipe.baseline_name}": baseline}
        facts["figures"] = {name: interval_facts(interval) for name, interval in scores.items()}
        write_json(folder / "evaluation.json", facts)
        write_text(folder / "README.md", task_card(facts))
        print(f"{recipe.metric}: {score}")
        print(f"try: lmkit predict --model {folder}")

    def _task(self, recipe: TaskRecipe) -> Task[Any]:
        """Examples of the story world, or of the user's own file; say what they are."""
        if self.data is None:
            num_train = recipe.num_train if self.train is None else self.train
            num_test = 500 if self.test is None else self.test
            task = recipe.make_task(num_train=num_train, num_validation=0, num_test=num_test)
        else:
            task = own_task(
                self.data,
                recipe,
                test_path=self.test_data,
                labels=self.labels or None,
                num_train=self.train,
                num_test=self.test,
                seed=self.seed,
            )
        source = "story world" if self.data is None else self.data
        print(f"data: {source}, {len(task.train):,} examples to learn from, {len(task.test):,} to test on")
        counts = count_labels([*task.train, *task.test])
        if counts:
            print(f"labels: {', '.join(f'{label} ({count:,})' for label, count in counts.items())}")
        if self.data is not None:
            for doubt in doubtful_labels(counts):
                print(f"note: {doubt}; --labels would refuse what is not a label", file=sys.stderr)
        return task
