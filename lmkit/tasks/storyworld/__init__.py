"""Tasks from the story world; their train, validation and test parts have no story in common."""

from lmkit.tasks.storyworld.drawing import Parts
from lmkit.tasks.storyworld.in_context import ContextTask, context_examples
from lmkit.tasks.storyworld.matching import (
    SearchCollection,
    search_collection,
    search_task,
    similarity_task,
)
from lmkit.tasks.storyworld.questions import (
    extractive_question_task,
    generative_question_task,
    word_problem_task,
)
from lmkit.tasks.storyworld.understanding import entity_task, relation_task, sentiment_task
from lmkit.tasks.storyworld.writing import summary_task, translation_task

__all__ = [
    "ContextTask",
    "Parts",
    "SearchCollection",
    "context_examples",
    "entity_task",
    "extractive_question_task",
    "generative_question_task",
    "relation_task",
    "search_collection",
    "search_task",
    "sentiment_task",
    "similarity_task",
    "summary_task",
    "translation_task",
    "word_problem_task",
]
