"""``lmkit finetune``: teach a pre-trained model a task."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import tyro

from lmkit.cli.command_line import command_line
from lmkit.finetuning import FineTuningConfig, LoRAConfig, Method
from lmkit.recipes import TASK_RECIPES, TaskName, TaskRecipe, own_task
from lmkit.recipes.fine_tuning import fine_tuning_facts, learn_and_save, load_learner, require_free, save_scores
from lmkit.tasks import Task, count_labels, doubtful_labels
from lmkit.tokenizers.files import write_json
from lmkit.training import pick_device


@dataclass(frozen=True, kw_only=True)
class Command:
    """Fine-tune a model for a task, and compare it with a baseline that needs no network.

    The folder gets the model, its tokenizer, and a model card with the scores. Use lmkit predict for new texts.
    Each line of your own file is one example, with these fields:

    sentiment: text, label. relations: first, second, label. matching: first, second, label (a number).
    entities: text, spans ([[start, end, label], ...]). questions: question, text, answer, span ([start, end]).
    answers and problems: prompt, answer, and maybe steps ([step, ...]). search, summaries and translation: source,
    target.

    A .jsonl line is an object with these fields; the first line of a .csv file names them. Spans and steps need .jsonl.
    Start and end are character positions, counted from 0; the end is the position after the last character.

    Args:
        task: What to learn. Without --data, the examples are stories and problems of the story world.
        data: A .jsonl or .csv file with examples of your own, with the fields that are listed above.
        test_data: Another such file with the test examples; by default a tenth of --data is set aside for the test.
        labels: The allowed labels. With them, any other label in the data, such as a typo, is an error.
        model: Folder or name of a pre-trained model; by default the shipped model for such a task.
        output: The folder; by default it has the name of the task.
        overwrite: Replace a model that is already in the folder.
        method: What to train: the whole model, low-rank updates and the head, or only the head.
        rank: Rank of the low-rank updates, for --method lora.
        train: How many examples to learn from; by default all of --data, or as many stories as the task needs,
            1000 for most.
        test: How many examples to test on; by default all that were set aside, or 500 stories.
        num_steps: How many updates; by default as many as the task needs, and with --data at least enough to read every
            example once.
        batch_size: Examples per update.
        learning_rate: The maximum; by default one that suits the method.
        seed: Seed of the split, the order of the examples, dropout and initial weights.
        device: "auto" uses the GPU if there is one.
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
        device, model = pick_device(self.device), self.model or recipe.model
        task = self._task(recipe)
        learner, tokenizer, special_ids = load_learner(recipe, model, task, device)
        config = self._config(recipe, len(task.train))
        baseline = recipe.interval(recipe.baseline(task, tokenizer), task.test)
        print(f"{recipe.baseline_name}: {recipe.metric} {baseline}")
        epochs = config.num_steps * self.batch_size / len(task.train)
        print(f"training: {config.num_steps:,} updates of {self.batch_size} examples, {epochs:.1f} epochs")
        run = learn_and_save(
            learner, tokenizer, task.train, config, folder, special_ids=special_ids, progress=self.progress
        )
        facts = {
            "task": self.task,
            "summary": recipe.summary if self.data is None else f"A model for the task {self.task}, from own data.",
            "data": "story world" if self.data is None else str(self.data),
            "model": model,
            "command": command_line("finetune", self, "task"),
            **fine_tuning_facts(recipe, task, config, run, device),
        }
        write_json(folder / "evaluation.json", facts)  # from here on, the model can be used
        print(f"saved: the model in {folder}, after {run.seconds:.0f} s of training", flush=True)
        score = recipe.interval(learner.answer(task.test), task.test)
        save_scores(folder, facts, {"fine-tuned": score, f"baseline: {recipe.baseline_name}": baseline})
        print(f"{recipe.metric}: {score}")
        print(f"try: lmkit predict --model {folder}")

    def _config(self, recipe: TaskRecipe, num_examples: int) -> FineTuningConfig:
        """How to train: with own data, at least long enough to read every example once."""
        enough = recipe.num_steps if self.data is None else max(recipe.num_steps, -(-num_examples // self.batch_size))
        return recipe.config(
            method=self.method,
            num_steps=self.num_steps or enough,
            batch_size=self.batch_size,
            learning_rate=self.learning_rate,
            lora=LoRAConfig(rank=self.rank),
            seed=self.seed,
        )

    def _task(self, recipe: TaskRecipe) -> Task[Any]:
        """Make the task from the story world or from the user's file, and print its sizes."""
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
        print(f"data: {source}, {len(task.train):,} training examples, {len(task.test):,} test examples")
        counts = count_labels([*task.train, *task.test])
        if counts:
            print(f"labels: {', '.join(f'{label} ({count:,})' for label, count in counts.items())}")
        if self.data is not None:
            for doubt in doubtful_labels(counts):
                print(f"note: {doubt}; with --labels, any other label is an error", file=sys.stderr)
        return task
