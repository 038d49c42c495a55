"""The tasks that a model can be fine-tuned for, one recipe each: data, model, baseline, figure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import add
from statistics import fmean
from typing import Any, Literal

import numpy as np
import torch

from lmkit.cli.learners import Answers, Examples, Learner, classify, compare, extract, find, tag, translation, write
from lmkit.data.storyworld import StoryWorld, StoryWorldConfig
from lmkit.data.tasks import (
    AnsweredQuestion,
    Instruction,
    LabelledPair,
    LabelledText,
    TaggedText,
    Task,
    TextToText,
    entity_task,
    extractive_question_task,
    generative_question_task,
    relation_task,
    search_collection,
    search_task,
    sentiment_task,
    similarity_task,
    summary_task,
    translation_task,
    word_problem_task,
)
from lmkit.evaluation import (
    Interval,
    Statistic,
    bootstrap_interval,
    exact_match,
    reciprocal_ranks,
    rouge_l,
    sentence_bleu,
    span_scores,
)
from lmkit.evaluation.baselines import (
    BM25,
    LexiconTagger,
    MajorityClass,
    PatternAnswers,
    WordTranslation,
    bag_of_words,
    lead_sentences,
    word_overlap,
)
from lmkit.evaluation.matches import NO_MATCHES
from lmkit.finetuning import FineTuningConfig
from lmkit.tokenizers import Tokenizer

TaskName = Literal[
    "sentiment",
    "relations",
    "entities",
    "questions",
    "matching",
    "search",
    "answers",
    "problems",
    "summaries",
    "translation",
]
"""What ``lmkit finetune`` can teach a model."""


@dataclass(frozen=True, kw_only=True)
class TaskRecipe:
    """All that makes a task.

    Args:
        summary: What is to be done.
        kind: What the examples are.
        make_task: Draws them from the story world.
        model: The pre-trained model that comes with the package and is made for such a task.
        make_learner: Puts a head on a model, given its tokenizer and the task.
        baseline_name: What the model is compared with.
        baseline: What that says to the test examples, given the task and a tokenizer.
        metric: What the figure is.
        score: One entry per example, of answers and examples.
        statistic: The figure, of these entries.
        num_train: How many examples of the story world there are to learn from.
        num_steps: How many updates of 16 examples there are, so that two processor cores take less than 90 s.
        learning_rate: The highest if all of the model learns; ``None`` for the usual one.
    """

    summary: str
    kind: type
    make_task: Callable[..., Task[Any]]
    model: str
    make_learner: Callable[[Any, Any, Task[Any]], Learner]
    baseline_name: str
    baseline: Callable[[Task[Any], Tokenizer], Answers]
    metric: str
    score: Callable[[Answers, Examples], list[Any]]
    statistic: Statistic = fmean
    num_train: int = 1000
    num_steps: int = 400
    learning_rate: float | None = None

    def interval(self, answers: Answers, examples: Examples) -> Interval:
        """The figure for answers to examples, with its bootstrap interval."""
        return bootstrap_interval(
            self.score(answers, examples), self.statistic, generator=torch.Generator().manual_seed(0)
        )

    def config(self, **changes: Any) -> FineTuningConfig:
        """How to train, where nothing else is said."""
        config = replace(FineTuningConfig(num_steps=self.num_steps), **changes)
        if config.learning_rate is None and config.method == "full":
            config = replace(config, learning_rate=self.learning_rate)
        return config


# Baselines


def words_of(example: LabelledText | LabelledPair) -> str:
    """All that an example says, in one text."""
    return example.text if isinstance(example, LabelledText) else f"{example.first} {example.second}"


def classes_by_words(task: Task[Any], tokenizer: Tokenizer) -> Answers:
    """Logistic regression of word counts."""
    model = bag_of_words().fit(list(map(words_of, task.train)), [each.label for each in task.train])
    return model.predict(list(map(words_of, task.test))).tolist()


def answers_by_pattern(questions: Sequence[AnsweredQuestion], asked: Sequence[AnsweredQuestion]) -> Answers:
    """What answered such a question in training, where the text speaks of what is asked."""
    spans = PatternAnswers().fit(questions).predict([each.question for each in asked], [each.text for each in asked])
    return [each.text[slice(*span)] for each, span in zip(asked, spans, strict=True)]


def question(example: Instruction) -> AnsweredQuestion:
    """A request that ends in a question, taken apart."""
    text, point, last = example.prompt.rpartition(". ")
    return AnsweredQuestion(question=last, text=text + point, answer=example.answer, span=(0, 0))


def bm25_rankings(examples: Examples) -> Answers:
    """All documents for each query, those with its rarest words first."""
    collection = search_collection(examples)
    search = BM25(collection.documents)
    return [search.search(query, len(collection.documents)) for query in collection.queries]


# Data


def small_problems(**parts: Any) -> Task[Instruction]:
    """Word problems in numbers so small that a small model learns most sums."""
    return word_problem_task(StoryWorld(StoryWorldConfig(largest_number=10)), **parts)


# Figures


def matches_of_spans(answers: Answers, examples: Examples) -> list[Any]:
    """The right, the predicted and the true pieces of each text."""
    return [span_scores([spans], [each.spans]).micro for spans, each in zip(answers, examples, strict=True)]


def right_answers(answers: Answers, examples: Examples) -> list[float]:
    """1 for an answer that is right to the letter, else 0."""
    return exact_match(list(answers), [[each.answer] for each in examples])


def correlation(pairs: Sequence[tuple[float, float]]) -> float:
    """Pearson's correlation of answers with truth; 0 where one of them is always the same."""
    first, second = np.asarray(pairs, dtype=np.float64).T
    deviations = first.std() * second.std()
    return float(((first - first.mean()) * (second - second.mean())).mean() / deviations) if deviations else 0.0


_CLASSES: dict[str, Any] = {  # what tasks of classes have in common
    "model": "storyworld-bert",
    "make_learner": classify,
    "baseline_name": "bag of words",
    "baseline": classes_by_words,
    "metric": "accuracy",
    "score": lambda answers, examples: [float(a == each.label) for a, each in zip(answers, examples, strict=True)],
}

TASK_RECIPES: dict[TaskName, TaskRecipe] = {
    "sentiment": TaskRecipe(
        summary="Tell how a story ends for its hero.", kind=LabelledText, make_task=sentiment_task, **_CLASSES
    ),
    "relations": TaskRecipe(
        summary="Tell what two entities of a story have to do with each other.",
        kind=LabelledPair,
        make_task=relation_task,
        **_CLASSES,
    ),
    "entities": TaskRecipe(
        summary="Find the named entities of a story.",
        kind=TaggedText,
        make_task=entity_task,
        model="storyworld-bert",
        make_learner=tag,
        baseline_name="lexicon",
        baseline=lambda task, _: LexiconTagger().fit(task.train).predict([each.text for each in task.test]),
        metric="F1 of entities",
        score=matches_of_spans,
        statistic=lambda matches: sum(matches, start=NO_MATCHES).f1,
    ),
    "questions": TaskRecipe(
        summary="Find the piece of a story that answers a question.",
        kind=AnsweredQuestion,
        make_task=extractive_question_task,
        model="storyworld-bert",
        make_learner=extract,
        baseline_name="patterns",
        baseline=lambda task, _: answers_by_pattern(task.train, task.test),
        metric="exact match",
        score=right_answers,
    ),
    "matching": TaskRecipe(
        summary="Tell how much two stories say the same.",
        kind=LabelledPair,
        make_task=similarity_task,
        model="storyworld-bert",
        make_learner=compare,
        learning_rate=6e-3,  # with the usual one it does worse: see benchmarks/README.md
        baseline_name="common words",
        baseline=lambda task, _: [word_overlap(each.first, each.second) for each in task.test],
        metric="correlation",
        score=lambda answers, examples: [(a, each.label) for a, each in zip(answers, examples, strict=True)],
        statistic=correlation,
    ),
    "search": TaskRecipe(
        summary="Find the story that a description is of.",
        kind=TextToText,
        make_task=search_task,
        model="storyworld-bert",
        make_learner=find,
        baseline_name="BM25",
        baseline=lambda task, _: bm25_rankings(task.test),
        metric="mean reciprocal rank",
        score=lambda rankings, examples: reciprocal_ranks(rankings, search_collection(examples).relevant),
    ),
    "answers": TaskRecipe(
        summary="Answer a question about a story in writing.",
        kind=Instruction,
        make_task=generative_question_task,
        model="storyworld-gpt",
        make_learner=write,
        num_steps=550,
        baseline_name="patterns",
        baseline=lambda task, _: answers_by_pattern(list(map(question, task.train)), list(map(question, task.test))),
        metric="exact match",
        score=right_answers,
    ),
    "problems": TaskRecipe(
        summary="Solve a word problem, step by step.",
        kind=Instruction,
        make_task=small_problems,
        model="storyworld-gpt",
        make_learner=write,
        num_train=18_000,  # of a thousand it learns what answers look like, and no arithmetic
        num_steps=1100,
        learning_rate=3e-3,
        baseline_name="most frequent answer",
        baseline=lambda task, _: (
            MajorityClass()
            .fit([each.prompt for each in task.train], [each.answer for each in task.train])
            .predict([each.prompt for each in task.test])
        ),
        metric="exact match",
        score=right_answers,
    ),
    "summaries": TaskRecipe(
        summary="Sum up a story in two sentences.",
        kind=TextToText,
        make_task=summary_task,
        model="storyworld-gpt",
        make_learner=write,
        num_steps=450,
        baseline_name="first sentence",
        baseline=lambda task, _: [lead_sentences(each.source) for each in task.test],
        metric="ROUGE-L",
        score=lambda answers, examples: [
            matches.f1 for matches in rouge_l(list(answers), [[each.target] for each in examples])
        ],
    ),
    "translation": TaskRecipe(
        summary="Translate a story from English to Chinese.",
        kind=TextToText,
        make_task=translation_task,
        model="storyworld-translation",
        make_learner=translation,
        num_steps=200,
        baseline_name="word by word",
        baseline=lambda task, tokenizer: (
            WordTranslation(tokenizer).fit(task.train).predict([each.source for each in task.test])
        ),
        metric="BLEU",
        score=lambda answers, examples: [
            sentence_bleu(answer, [each.target], "zh") for answer, each in zip(answers, examples, strict=True)
        ],
        statistic=lambda parts: reduce(add, parts).score,
    ),
}
"""By the name of the task."""
