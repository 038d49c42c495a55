"""The task whose answer is one span of a text: the answer to a question about a story."""

from collections.abc import Sequence
from typing import Any

from lmkit.evaluation.baselines import PatternAnswers
from lmkit.finetuning import SpanExtractor, answer_span_objective, predict_answer_spans
from lmkit.models import SpecialIds
from lmkit.recipes.learner import Answers, Examples, Learner
from lmkit.recipes.task_recipe import TaskRecipe, right_answers
from lmkit.tasks import AnsweredQuestion, Task, answer_span_batches, extractive_question_task, standard_format


def extract(base: Any, tokenizer: Any, task: Task[Any], special_ids: SpecialIds | None = None) -> Learner:
    """Find the answer to a question in a text."""
    input_format = standard_format(tokenizer, base.config.context_length, special_ids)
    model = SpanExtractor(base)

    def answer(examples: Examples) -> list[str]:
        spans = predict_answer_spans(model, [(each.question, each.text) for each in examples], input_format)
        return [each.text[slice(*span)] for each, span in zip(examples, spans, strict=True)]

    return Learner(
        model=model,
        objective=answer_span_objective,
        make_batches=lambda examples, **how: answer_span_batches(examples, input_format, **how),
        answer=answer,
    )


def answers_by_pattern(questions: Sequence[AnsweredQuestion], asked: Sequence[AnsweredQuestion]) -> Answers:
    """Answer by patterns: what answered such questions in training, applied to the new text."""
    spans = PatternAnswers().fit(questions).predict([each.question for each in asked], [each.text for each in asked])
    return [each.text[slice(*span)] for each, span in zip(asked, spans, strict=True)]


QUESTIONS = TaskRecipe(
    summary="Find the span of a story that answers a question.",
    kind=AnsweredQuestion,
    make_task=extractive_question_task,
    model="storyworld-bert",
    make_learner=extract,
    baseline_name="patterns",
    baseline=lambda task, _: answers_by_pattern(task.train, task.test),
    metric="exact match",
    score=right_answers,
)
