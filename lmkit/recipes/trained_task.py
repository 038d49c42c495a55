"""A model that ``lmkit finetune`` left in a folder: what it was taught, and its answers to new examples."""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from lmkit.finetuning import FineTuningConfig, merge_lora, remove_lora
from lmkit.models import SpecialIds, load_special_ids
from lmkit.models.model_files import ADAPTER, ADAPTER_CONFIG
from lmkit.recipes.learner import Learner, learn
from lmkit.recipes.saved_model import find_model, load_head, load_model_and_tokenizer, save_task_model
from lmkit.recipes.task_recipe import TaskRecipe
from lmkit.tasks import Task, TextToText, given_fields
from lmkit.tokenizers import Tokenizer
from lmkit.tokenizers.files import read_json
from lmkit.training import History

MADE_FILES = ("config.json", "model.safetensors", "tokenizer.json", "evaluation.json", "README.md")
"""What a finished model's folder holds, and what a new model would overwrite."""


@dataclass(frozen=True, kw_only=True)
class TrainedTask:
    """A fine-tuned model with its task.

    Args:
        name: Of the task.
        recipe: Of the task.
        labels: The classes, in the order of the model's outputs; empty if there are none.
        learner: The model with its head, in evaluation mode.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> from lmkit.models import load_pretrained, load_tokenizer
        >>> from lmkit.recipes import TASK_RECIPES
        >>> from lmkit.tasks import LabelledText
        >>> from lmkit.tokenizers.files import write_json
        >>> recipe = TASK_RECIPES["sentiment"]
        >>> task = recipe.make_task(num_train=8, num_validation=0, num_test=2)
        >>> tokenizer = load_tokenizer("storyworld-bert")
        >>> learner = recipe.make_learner(load_pretrained("storyworld-bert"), tokenizer, task)
        >>> with TemporaryDirectory() as folder:
        ...     config = recipe.config(num_steps=1)
        ...     run = learn_and_save(learner, tokenizer, task.train, config, Path(folder), progress=False)
        ...     write_json(Path(folder, "evaluation.json"), {"task": "sentiment", "labels": task.labels})
        ...     trained = load_trained_task(folder, TASK_RECIPES, torch.device("cpu"))
        ...     answers = trained.learner.answer([LabelledText(text="Anna was happy.", label="")])
        >>> answers[0] in trained.labels
        True
    """

    name: str
    recipe: TaskRecipe
    labels: tuple[str, ...]
    learner: Learner


def load_trained_task(folder_or_name: str, recipes: dict[Any, TaskRecipe], device: torch.device) -> TrainedTask:
    """Load what ``lmkit finetune`` saved.

    Args:
        folder_or_name: The folder.
        recipes: All tasks by name; ``evaluation.json`` says which one it is.
        device: Where to put the model.

    Returns:
        The model, ready to answer.

    Raises:
        FileNotFoundError: If there is no such folder.
        ValueError: If the model was not fine-tuned for one of these tasks.

    Example:
        >>> from lmkit.recipes import TASK_RECIPES
        >>> load_trained_task("storyworld-bert", TASK_RECIPES, torch.device("cpu"))
        Traceback (most recent call last):
        ValueError: model='storyworld-bert' was not fine-tuned for a task: its evaluation.json names none of ...
    """
    folder = find_model(folder_or_name)
    facts = read_json(folder / "evaluation.json") if (folder / "evaluation.json").is_file() else {}
    name = str(facts.get("task"))
    if name not in recipes:
        raise ValueError(
            f"model={folder_or_name!r} was not fine-tuned for a task: its evaluation.json names none of "
            f"{', '.join(recipes)}; make such a model with lmkit finetune"
        )
    labels = tuple(facts.get("labels") or ())
    base, tokenizer = load_model_and_tokenizer(folder_or_name, device)
    task: Task[Any] = Task(name=name, train=(), validation=(), test=(), labels=labels)
    learner = recipes[name].make_learner(base, tokenizer, task, load_special_ids(folder))
    load_head(learner.model, folder)
    learner.model.eval()
    return TrainedTask(name=name, recipe=recipes[name], labels=labels, learner=learner)


@dataclass(frozen=True, kw_only=True)
class FineTuningRun:
    """What happened when a model learnt a task.

    Args:
        history: Of the training.
        seconds: How long it took.
        num_learned: How many parameters were trained.
    """

    history: History
    seconds: float
    num_learned: int


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
    """Train on examples and save the model; low-rank updates are merged into it.

    Args:
        learner: Changed in place, and left in evaluation mode.
        tokenizer: The model's.
        examples: What to learn from.
        config: How.
        folder: Where to write. Files of another model there are removed first, once the training is over.
        special_ids: What the model was trained with; it is saved with the model.
        progress: Whether to show a bar.

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


def require_free(folder: Path, *, overwrite: bool) -> None:
    """Refuse to write a model over another one.

    Args:
        folder: Where to write.
        overwrite: Whether that is wanted.

    Raises:
        FileExistsError: If the folder already has a file of a model.
    """
    found = [name for name in MADE_FILES if (folder / name).exists()]
    if found and not overwrite:
        raise FileExistsError(
            f"output={str(folder)!r} already has {', '.join(found)}: give another --output, "
            "or --overwrite to replace the model"
        )


def answered_row(
    example: Any, answer: Any, answer_field: str, *, probabilities: Mapping[str, float] | None = None
) -> str:
    """Write an example with the model's answer as a line of JSON, in the format of task files.

    Args:
        example: What was asked.
        answer: The model's.
        answer_field: The field of the answer.
        probabilities: That of each class, for a field of this name.

    Returns:
        A JSON object without a line break.
    """
    if answer_field == "spans":
        answer = [list(span) for span in answer]
    given = {name: getattr(example, name) for name in given_fields(type(example))}
    more = {} if probabilities is None else {"probabilities": {k: round(p, 6) for k, p in probabilities.items()}}
    return json.dumps(given | {answer_field: answer} | more, ensure_ascii=False)


def answer_all(trained: TrainedTask, examples: Sequence[Any]) -> list[str]:
    """Answer examples.

    Args:
        trained: The model.
        examples: As from :func:`lmkit.tasks.read_inputs`.

    Returns:
        A line of JSON for each, see ``answered_row``.
    """
    answers = trained.learner.answer(examples)
    pairs = zip(examples, answers, strict=True)
    return [answered_row(example, answer, trained.recipe.answer_field) for example, answer in pairs]


def classify_all(trained: TrainedTask, examples: Sequence[Any]) -> list[str]:
    """Tell how probable each class is.

    Args:
        trained: A model that tells classes.
        examples: As from :func:`lmkit.tasks.read_inputs`.

    Returns:
        A line of JSON for each, as ``answered_row`` writes it, with the probability of each label as well.

    Raises:
        ValueError: If the model's task has no classes.
    """
    if trained.learner.probabilities is None:
        raise ValueError(f"the model is for {trained.name}, whose answers are no classes and have no probabilities")
    field = trained.recipe.answer_field
    return [
        answered_row(example, max(row, key=lambda label: row[label]), field, probabilities=row)
        for example, row in zip(examples, trained.learner.probabilities(examples), strict=True)
    ]


def search_documents(
    trained: TrainedTask, examples: Sequence[TextToText], documents: Sequence[str], num_hits: int
) -> list[str]:
    """Find the documents that descriptions are of.

    Args:
        trained: A model for search.
        examples: What to look for, as their sources.
        documents: Where to look.
        num_hits: How many documents to name for each.

    Returns:
        A line of JSON for each example: the source, the best document as its target, and all hits with their scores.
    """
    assert trained.learner.search is not None
    found = trained.learner.search([example.source for example in examples], documents, num_hits)
    return [
        json.dumps(
            {
                "source": example.source,
                "target": hits[0].document,
                "hits": [{"document": hit.document, "score": round(hit.score, 4)} for hit in hits],
            },
            ensure_ascii=False,
        )
        for example, hits in zip(examples, found, strict=True)
    ]
