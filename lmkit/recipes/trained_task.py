"""A model that ``lmkit finetune`` saved: its task, and its answers to new examples."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch

from lmkit.models import load_special_ids
from lmkit.recipes.learner import Learner
from lmkit.recipes.saved_model import find_model, load_head, load_model_and_tokenizer
from lmkit.recipes.task_recipe import TaskRecipe
from lmkit.tasks import Task, TextToText, given_fields
from lmkit.tokenizers.files import read_json


@dataclass(frozen=True, kw_only=True)
class TrainedTask:
    """A fine-tuned model with its task.

    Args:
        name: Name of the task.
        recipe: The recipe of the task.
        labels: The classes, in the order of the model's outputs; empty if there are none.
        learner: The model with its head, in evaluation mode.

    Example:
        >>> from pathlib import Path
        >>> from tempfile import TemporaryDirectory
        >>> from lmkit.models import load_pretrained, load_tokenizer
        >>> from lmkit.recipes import TASK_RECIPES
        >>> from lmkit.recipes.fine_tuning import learn_and_save
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
        recipes: All tasks by name; ``evaluation.json`` names one of them.
        device: Where to put the model.

    Returns:
        The model with its task, ready to answer.

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


def answered_row(
    example: Any, answer: Any, answer_field: str, *, probabilities: Mapping[str, float] | None = None
) -> str:
    """Write an example with the model's answer as a line of JSON, in the format of task files.

    Args:
        example: The example.
        answer: The model's answer.
        answer_field: The field of the example that holds its answer.
        probabilities: The probability of each class, for a field of this name.

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
        trained: The model and its task.
        examples: As from :func:`lmkit.tasks.read_inputs`.

    Returns:
        A line of JSON for each, see ``answered_row``.
    """
    answers = trained.learner.answer(examples)
    pairs = zip(examples, answers, strict=True)
    return [answered_row(example, answer, trained.recipe.answer_field) for example, answer in pairs]


def classify_all(trained: TrainedTask, examples: Sequence[Any]) -> list[str]:
    """Classify examples, with the probability of each class.

    Args:
        trained: A model that predicts classes.
        examples: As from :func:`lmkit.tasks.read_inputs`.

    Returns:
        A line of JSON for each, as ``answered_row`` writes it, with the probability of each label as well.

    Raises:
        ValueError: If the model's task has no classes.
    """
    if trained.learner.probabilities is None:
        raise ValueError(f"the model is for {trained.name}, whose answers are not classes and have no probabilities")
    field = trained.recipe.answer_field
    return [
        answered_row(example, max(row, key=lambda label: row[label]), field, probabilities=row)
        for example, row in zip(examples, trained.learner.probabilities(examples), strict=True)
    ]


def search_documents(
    trained: TrainedTask, examples: Sequence[TextToText], documents: Sequence[str], num_hits: int
) -> list[str]:
    """Find the documents that match descriptions.

    Args:
        trained: A model for search.
        examples: Their sources are the descriptions.
        documents: The documents to search.
        num_hits: How many documents to return for each description.

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
