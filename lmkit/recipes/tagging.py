"""The task whose answer is labelled spans of a text: the named entities of a story."""

from typing import Any

from lmkit.evaluation import span_scores
from lmkit.evaluation.baselines import LexiconTagger
from lmkit.evaluation.matches import NO_MATCHES
from lmkit.finetuning import TokenTagger, predict_spans, tagging_objective
from lmkit.models import SpecialIds
from lmkit.recipes.learner import Answers, Examples, Learner
from lmkit.recipes.task_recipe import TaskRecipe
from lmkit.tasks import TaggedText, Task, bio_tags, entity_task, standard_format, tagging_batches


def tag(base: Any, tokenizer: Any, task: Task[Any], special_ids: SpecialIds | None = None) -> Learner:
    """Label spans of a text."""
    input_format = standard_format(tokenizer, base.config.context_length, special_ids)
    model = TokenTagger(base, len(bio_tags(task.labels)))
    return Learner(
        model=model,
        objective=tagging_objective,
        make_batches=lambda examples, **how: tagging_batches(examples, task.labels, input_format, **how),
        answer=lambda examples: predict_spans(model, [each.text for each in examples], task.labels, input_format),
        labels=bio_tags(task.labels),
    )


def matches_of_spans(answers: Answers, examples: Examples) -> list[Any]:
    """Count the correct, the predicted and the true spans of each text."""
    return [span_scores([spans], [each.spans]).micro for spans, each in zip(answers, examples, strict=True)]


ENTITIES = TaskRecipe(
    summary="Find the named entities of a story.",
    kind=TaggedText,
    make_task=entity_task,
    model="storyworld-bert",
    make_learner=tag,
    baseline_name="lexicon",
    baseline=lambda task, _: LexiconTagger().fit(task.train).predict([each.text for each in task.test]),
    metric="F1 of entities",
    answer_field="spans",
    score=matches_of_spans,
    statistic=lambda matches: sum(matches, start=NO_MATCHES).f1,
)
