"""The task whose answer is a ranking: find the story that matches a description."""

from collections.abc import Sequence
from typing import Any

from lmkit.evaluation import reciprocal_ranks
from lmkit.evaluation.baselines import BM25
from lmkit.finetuning import BiEncoder, Hit, Index, matching_objective
from lmkit.models import SpecialIds
from lmkit.recipes.learner import Answers, Examples, Learner
from lmkit.recipes.task_recipe import TaskRecipe
from lmkit.tasks import Task, TextToText, matching_batches, search_collection, search_task, standard_format


def find(base: Any, tokenizer: Any, task: Task[Any], special_ids: SpecialIds | None = None) -> Learner:
    """Find the text that matches a description, among the texts of all examples."""
    input_format = standard_format(tokenizer, base.config.context_length, special_ids)
    model = BiEncoder(base)

    def search(queries: Sequence[str], documents: Sequence[str], num_hits: int) -> list[list[Hit]]:
        return Index(model, documents, input_format).search_all(queries, num_hits)

    def answer(examples: Examples) -> list[list[int]]:
        collection = search_collection(examples)
        found = search(collection.queries, collection.documents, len(collection.documents))
        return [[hit.number for hit in hits] for hits in found]

    return Learner(
        model=model,
        objective=matching_objective,
        make_batches=lambda examples, **how: matching_batches(
            [(each.source, each.target) for each in examples], input_format, **how
        ),
        answer=answer,
        search=search,
    )


def bm25_rankings(examples: Examples) -> Answers:
    """Rank all documents for each query by BM25."""
    collection = search_collection(examples)
    search = BM25(collection.documents)
    return [search.search(query, len(collection.documents)) for query in collection.queries]


SEARCH = TaskRecipe(
    summary="Find the story that matches a description.",
    kind=TextToText,
    make_task=search_task,
    model="storyworld-bert",
    make_learner=find,
    baseline_name="BM25",
    baseline=lambda task, _: bm25_rankings(task.test),
    metric="mean reciprocal rank",
    answer_field="target",
    score=lambda rankings, examples: reciprocal_ranks(rankings, search_collection(examples).relevant),
)
