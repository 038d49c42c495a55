"""What makes a task that a model can be fine-tuned for: data, model, baseline, metric."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from statistics import fmean
from typing import Any

import torch

from lmkit.evaluation import Interval, Statistic, bootstrap_interval, exact_match
from lmkit.finetuning import FineTuningConfig
from lmkit.recipes.learner import Answers, Examples, Learner
from lmkit.tasks import LabelType, Task
from lmkit.tokenizers import Tokenizer


@dataclass(frozen=True, kw_only=True)
class TaskRecipe:
    """All that makes a task.

    Args:
        summary: What is to be done.
        kind: What the examples are.
        make_task: Draws them from the story world.
        model: The pre-trained model that comes with the package and is made for such a task.
        make_learner: Puts a head on a model, given its tokenizer, the task, and what the model was trained with
            (:class:`lmkit.models.SpecialIds`, or nothing for the custom of the shipped models).
        baseline_name: What the model is compared with.
        baseline: What that says to the test examples, given the task and a tokenizer.
        metric: What the score is called.
        score: One entry per example, of answers and examples.
        statistic: The score of a test set, computed from these entries.
        answer_field: The field of an example that holds its answer.
        label_type: What the labels of pairs are: classes (``str``) or numbers (``float``).
        num_train: How many examples of the story world there are to learn from.
        num_steps: How many updates of 16 examples there are, so that two processor cores take less than 90 s.
        learning_rate: The highest if all of the model learns; ``None`` for the usual one.

    Example:
        >>> from lmkit.recipes import TASK_RECIPES
        >>> recipe = TASK_RECIPES["sentiment"]
        >>> task = recipe.make_task(num_train=40, num_validation=0, num_test=20)
        >>> answers = [example.label for example in task.test]
        >>> recipe.metric, recipe.interval(answers, task.test).value
        ('accuracy', 1.0)
    """

    summary: str
    kind: type
    make_task: Callable[..., Task[Any]]
    model: str
    make_learner: Callable[..., Learner]
    baseline_name: str
    baseline: Callable[[Task[Any], Tokenizer], Answers]
    metric: str
    score: Callable[[Answers, Examples], list[Any]]
    statistic: Statistic = fmean
    answer_field: str = "answer"
    label_type: LabelType | None = None
    num_train: int = 1000
    num_steps: int = 400
    learning_rate: float | None = None

    def interval(self, answers: Answers, examples: Examples) -> Interval:
        """The score of answers to examples, with its bootstrap interval."""
        return bootstrap_interval(
            self.score(answers, examples), self.statistic, generator=torch.Generator().manual_seed(0)
        )

    def config(self, **changes: Any) -> FineTuningConfig:
        """How to train, where nothing else is said."""
        config = replace(FineTuningConfig(num_steps=self.num_steps), **changes)
        if config.learning_rate is None and config.method == "full":
            config = replace(config, learning_rate=self.learning_rate)
        return config


def right_answers(answers: Answers, examples: Examples) -> list[float]:
    """1 for an answer that is right to the letter, else 0."""
    return exact_match(list(answers), [[each.answer] for each in examples])
