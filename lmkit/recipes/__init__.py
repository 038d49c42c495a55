"""How the shipped models and the tasks are made: one file for each model and for each kind of task."""

from typing import Literal

from lmkit.recipes.answer_spans import QUESTIONS
from lmkit.recipes.classification import RELATIONS, SENTIMENT
from lmkit.recipes.learner import Learner, learn
from lmkit.recipes.matching import MATCHING
from lmkit.recipes.model_cards import interval_facts, log_lines, shipped_card, task_card, text_card
from lmkit.recipes.model_recipe import HELD_OUT_SEED, TRAINING_SEED, ModelRecipe
from lmkit.recipes.own_data import own_task
from lmkit.recipes.saved_model import find_model, load_head, load_model_and_tokenizer, save_task_model
from lmkit.recipes.search import SEARCH
from lmkit.recipes.storyworld_bert import STORYWORLD_BERT
from lmkit.recipes.storyworld_gpt import STORYWORLD_GPT
from lmkit.recipes.storyworld_translation import STORYWORLD_TRANSLATION, translate
from lmkit.recipes.tagging import ENTITIES
from lmkit.recipes.task_recipe import TaskRecipe
from lmkit.recipes.trained_task import (
    FineTuningRun,
    TrainedTask,
    answer_all,
    learn_and_save,
    load_trained_task,
    require_free,
    search_documents,
)
from lmkit.recipes.translation import TRANSLATION
from lmkit.recipes.writing import ANSWERS, PROBLEMS, SUMMARIES, small_problems

ModelName = Literal["storyworld-gpt", "storyworld-bert", "storyworld-translation"]
"""What ``lmkit pretrain`` can make."""

MODEL_RECIPES: dict[ModelName, ModelRecipe] = {
    "storyworld-gpt": STORYWORLD_GPT,
    "storyworld-bert": STORYWORLD_BERT,
    "storyworld-translation": STORYWORLD_TRANSLATION,
}
"""By the name under which :func:`lmkit.models.load_pretrained` finds the model."""

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

TASK_RECIPES: dict[TaskName, TaskRecipe] = {
    "sentiment": SENTIMENT,
    "relations": RELATIONS,
    "entities": ENTITIES,
    "questions": QUESTIONS,
    "matching": MATCHING,
    "search": SEARCH,
    "answers": ANSWERS,
    "problems": PROBLEMS,
    "summaries": SUMMARIES,
    "translation": TRANSLATION,
}
"""By the name of the task."""

__all__ = [
    "HELD_OUT_SEED",
    "MODEL_RECIPES",
    "TASK_RECIPES",
    "TRAINING_SEED",
    "FineTuningRun",
    "Learner",
    "ModelName",
    "ModelRecipe",
    "TaskName",
    "TaskRecipe",
    "TrainedTask",
    "answer_all",
    "find_model",
    "interval_facts",
    "learn",
    "learn_and_save",
    "load_head",
    "load_model_and_tokenizer",
    "load_trained_task",
    "log_lines",
    "own_task",
    "require_free",
    "save_task_model",
    "search_documents",
    "shipped_card",
    "small_problems",
    "task_card",
    "text_card",
    "translate",
]
