"""Tasks whose answer is a class: how a story ends, and how two of its entities are related."""

from typing import Any

from lmkit.evaluation.baselines import bag_of_words
from lmkit.finetuning import SequenceClassifier, classification_objective, predict_classes, predict_probabilities
from lmkit.models import SpecialIds
from lmkit.recipes.learner import Answers, Examples, Learner
from lmkit.recipes.task_recipe import TaskRecipe
from lmkit.tasks import (
    LabelledPair,
    LabelledText,
    Task,
    classification_batches,
    relation_task,
    sentiment_task,
    standard_format,
)
from lmkit.tokenizers import Tokenizer


def classify(base: Any, tokenizer: Any, task: Task[Any], special_ids: SpecialIds | None = None) -> Learner:
    """Predict the class of a text, or of a pair of texts."""
    input_format = standard_format(tokenizer, base.config.context_length, special_ids)
    model = SequenceClassifier(base, len(task.labels))

    def probabilities(examples: Examples) -> list[dict[str, float]]:
        rows = predict_probabilities(model, list(map(given, examples)), input_format).tolist()
        return [dict(zip(task.labels, row, strict=True)) for row in rows]

    return Learner(
        model=model,
        objective=classification_objective,
        make_batches=lambda examples, **how: classification_batches(examples, task.labels, input_format, **how),
        answer=lambda examples: predict_classes(model, list(map(given, examples)), task.labels, input_format),
        labels=task.labels,
        probabilities=probabilities,
    )


def given(example: LabelledText | LabelledPair) -> str | tuple[str, str]:
    """The part of an example that a model reads."""
    return example.text if isinstance(example, LabelledText) else (example.first, example.second)


def words_of(example: LabelledText | LabelledPair) -> str:
    """The texts of an example, joined."""
    return example.text if isinstance(example, LabelledText) else f"{example.first} {example.second}"


def classes_by_words(task: Task[Any], tokenizer: Tokenizer) -> Answers:
    """Classify by logistic regression on word counts."""
    model = bag_of_words().fit(list(map(words_of, task.train)), [each.label for each in task.train])
    return model.predict(list(map(words_of, task.test))).tolist()


_CLASSES: dict[str, Any] = {  # shared by both tasks
    "model": "storyworld-bert",
    "make_learner": classify,
    "baseline_name": "bag of words",
    "baseline": classes_by_words,
    "metric": "accuracy",
    "answer_field": "label",
    "label_type": str,
    "score": lambda answers, examples: [float(a == each.label) for a, each in zip(answers, examples, strict=True)],
}


SENTIMENT = TaskRecipe(
    summary="Predict how a story ends for its hero.", kind=LabelledText, make_task=sentiment_task, **_CLASSES
)


RELATIONS = TaskRecipe(
    summary="Predict how two entities of a story are related.",
    kind=LabelledPair,
    make_task=relation_task,
    **_CLASSES,
)
