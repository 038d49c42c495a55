"""A run of ``lmkit finetune`` in its folder: put a head on a model, train, save, and write the scores down."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from lmkit.evaluation import Interval
from lmkit.finetuning import FineTuningConfig, merge_lora, remove_lora
from lmkit.models import SpecialIds, load_special_ids
from lmkit.models.model_files import ADAPTER, ADAPTER_CONFIG
from lmkit.recipes.learner import Learner, learn
from lmkit.recipes.model_cards import Facts, interval_facts, task_card
from lmkit.recipes.saved_model import find_model, load_model_and_tokenizer, save_task_model
from lmkit.recipes.task_recipe import TaskRecipe
from lmkit.tasks import Task, count_labels
from lmkit.tokenizers import Tokenizer
from lmkit.tokenizers.files import write_json, write_text
from lmkit.training import History, machine_name

MADE_FILES = ("config.json", "model.safetensors", "tokenizer.json", "evaluation.json", "README.md")
"""What the folder of a finished model holds, and what a new model would overwrite."""


@dataclass(frozen=True, kw_only=True)
class FineTuningRun:
    """What happened when a model learned a task.

    Args:
        history: Of the training.
        seconds: How long it took.
        num_learned: How many parameters were trained.
    """

    history: History
    seconds: float
    num_learned: int


def require_free(folder: Path, *, overwrite: bool) -> None:
    """Refuse to replace a model by accident.

    Args:
        folder: Where to write.
        overwrite: Whether a model there may be replaced.

    Raises:
        FileExistsError: If the folder already has a file of a model.
    """
    found = [name for name in MADE_FILES if (folder / name).exists()]
    if found and not overwrite:
        raise FileExistsError(
            f"output={str(folder)!r} already has {', '.join(found)}: give another --output, "
            "or --overwrite to replace the model"
        )


def load_learner(
    recipe: TaskRecipe, model: str, task: Task[Any], device: torch.device
) -> tuple[Learner, Tokenizer, SpecialIds]:
    """Load a pre-trained model and put the head of a task on it.

    Args:
        recipe: Of the task.
        model: Folder or name of the pre-trained model.
        task: Its examples. Test examples that do not fit the model are found here, before the training.
        device: Where to put the model.

    Returns:
        The learner, the model's tokenizer and its special ids.

    Raises:
        FileNotFoundError: If there is no such model.
        ValueError: If the model is not of the kind that the task needs, or an example is too long for it.
    """
    base, tokenizer = load_model_and_tokenizer(model, device)
    special_ids = load_special_ids(find_model(model))
    learner = recipe.make_learner(base, tokenizer, task, special_ids)
    learner.make_batches(task.test, batch_size=1)
    return learner, tokenizer, special_ids


def learn_and_save(
    learner: Learner,
    tokenizer: Tokenizer,
    examples: Sequence[Any],
    config: FineTuningConfig,
    folder: Path,
    *,
    special_ids: SpecialIds | None = None,
    progress: bool = True,
) -> FineTuningRun:
    """Train on examples and save the model, with any low-rank updates merged into it.

    Args:
        learner: Changed in place, and left in evaluation mode.
        tokenizer: The model's.
        examples: What to learn from.
        config: How to train.
        folder: Where to write. When the training is over, files of another model there are removed.
        special_ids: What the model was trained with; saved with the model.
        progress: Whether to show a progress bar.

    Returns:
        What happened.
    """
    started = time.perf_counter()
    history = learn(learner, examples, config, progress=progress)
    seconds = time.perf_counter() - started
    num_learned = sum(weight.numel() for weight in learner.model.parameters() if weight.requires_grad)
    if config.method == "lora":
        merge_lora(learner.model)
        remove_lora(learner.model)
    for name in (*MADE_FILES, ADAPTER, ADAPTER_CONFIG):
        (folder / name).unlink(missing_ok=True)
    save_task_model(learner.model, tokenizer, folder, labels=learner.labels, special_ids=special_ids)
    learner.model.eval()
    return FineTuningRun(history=history, seconds=seconds, num_learned=num_learned)


def fine_tuning_facts(
    recipe: TaskRecipe, task: Task[Any], config: FineTuningConfig, run: FineTuningRun, device: torch.device
) -> Facts:
    """Collect what ``evaluation.json`` says of a run; its scores are still missing.

    Args:
        recipe: Of the task.
        task: The examples.
        config: How the model was trained.
        run: What happened.
        device: Where it was trained.

    Returns:
        The facts by name.
    """
    return {
        "labels": list(task.labels),
        "labels in training": count_labels(task.train),
        "training examples": len(task.train),
        "test examples": len(task.test),
        "method": config.method,
        "steps": run.history.num_steps,
        "learned parameters": run.num_learned,
        "seed": config.seed,
        "seconds": round(run.seconds, 3),
        "machine": machine_name(device),
        "torch": torch.__version__,
        "metric": recipe.metric,
        "scores": {},
    }


def save_scores(folder: Path, facts: Facts, scores: Mapping[str, Interval]) -> None:
    """Write the scores of a model into its folder: ``evaluation.json`` and the model card.

    Args:
        folder: The model's.
        facts: From :func:`fine_tuning_facts`, with the task, its summary, the data, the base model and the command.
        scores: The model's and the baseline's, by name.
    """
    complete = {**facts, "scores": {name: interval_facts(interval) for name, interval in scores.items()}}
    write_json(folder / "evaluation.json", complete)
    write_text(folder / "README.md", task_card(complete))
