"""Everything about a task that a model can be fine-tuned for: data, model, baseline, metric."""

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
    """A task: its data, model, baseline and metric.

    Args:
        summary: What the model does, in a sentence.
        kind: The class of the examples.
        make_task: Draws examples from the story world.
        model: Name of the shipped model to fine-tune by default.
        make_learner: Puts a head on a model, given its tokenizer, the task, and the special ids that the model was
            trained with (:class:`lmkit.models.SpecialIds`, or nothing for those of the shipped models).
        baseline_name: Name of the baseline.
        baseline: Answers the test examples with the baseline, given the task and a tokenizer.
        metric: Name of the score.
        score: Returns one entry per example, given answers and examples.
        statistic: Computes the score of a test set from these entries.
        answer_field: The field of an example that holds its answer.
        label_type: Type of the labels of pairs: classes (``str``) or numbers (``float``).
        num_train: Number of training examples from the story world.
        num_steps: Number of updates with 16 examples each; two processor cores take less than 90 s.
        learning_rate: The maximum for full fine-tuning; ``None`` for the default.

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
        """Score answers to examples, with a bootstrap interval."""
        return bootstrap_interval(
            self.score(answers, examples), self.statistic, generator=torch.Generator().manual_seed(0)
        )

    def config(self, **changes: Any) -> FineTuningConfig:
        """Return the default config of the task, with some fields changed."""
        config = replace(FineTuningConfig(num_steps=self.num_steps), **changes)
        if config.learning_rate is None and config.method == "full":
            config = replace(config, learning_rate=self.learning_rate)
        return config


def right_answers(answers: Answers, examples: Examples) -> list[float]:
    """Return 1 for each answer that matches exactly, else 0."""
    return exact_match(list(answers), [[each.answer] for each in examples])
