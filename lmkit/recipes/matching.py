"""The task whose answer is a number: how similar two stories are."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from lmkit.evaluation.baselines import word_overlap
from lmkit.finetuning import PairRegressor, predict_numbers, regression_objective
from lmkit.models import SpecialIds
from lmkit.recipes.learner import Learner
from lmkit.recipes.task_recipe import TaskRecipe
from lmkit.tasks import LabelledPair, Task, regression_batches, similarity_task, standard_format


def compare(base: Any, tokenizer: Any, task: Task[Any], special_ids: SpecialIds | None = None) -> Learner:
    """Predict how similar two texts are."""
    input_format = standard_format(tokenizer, base.config.context_length, special_ids)
    model = PairRegressor(base)
    return Learner(
        model=model,
        objective=regression_objective,
        make_batches=lambda examples, **how: regression_batches(examples, input_format, **how),
        answer=lambda examples: predict_numbers(model, [(each.first, each.second) for each in examples], input_format),
    )


def correlation(pairs: Sequence[tuple[float, float]]) -> float:
    """Pearson's correlation between answers and labels; 0 if one of them is constant."""
    first, second = np.asarray(pairs, dtype=np.float64).T
    deviations = first.std() * second.std()
    return float(((first - first.mean()) * (second - second.mean())).mean() / deviations) if deviations else 0.0


MATCHING = TaskRecipe(
    summary="Predict how similar two stories are.",
    kind=LabelledPair,
    make_task=similarity_task,
    model="storyworld-bert",
    make_learner=compare,
    learning_rate=6e-3,  # better than the default: see benchmarks/README.md
    baseline_name="common words",
    baseline=lambda task, _: [word_overlap(each.first, each.second) for each in task.test],
    metric="correlation",
    answer_field="label",
    label_type=float,
    score=lambda answers, examples: [(a, each.label) for a, each in zip(answers, examples, strict=True)],
    statistic=correlation,
)
