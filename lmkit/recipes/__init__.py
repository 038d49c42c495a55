"""How the shipped models and tasks are made: one file for each model and each kind of task."""

from typing import Literal

from lmkit.recipes.answer_spans import QUESTIONS
from lmkit.recipes.classification import RELATIONS, SENTIMENT
from lmkit.recipes.continuation import continue_text
from lmkit.recipes.learner import Learner, learn
from lmkit.recipes.matching import MATCHING
from lmkit.recipes.mixture import MIXTURE_SHARES
from lmkit.recipes.model_recipe import HELD_OUT_SEED, TRAINING_SEED, ModelRecipe
from lmkit.recipes.own_data import own_task
from lmkit.recipes.saved_model import load_model_and_tokenizer, save_task_model
from lmkit.recipes.search import SEARCH
from lmkit.recipes.stopping import StoppableBatches
from lmkit.recipes.storyworld_base import STORYWORLD_BASE
from lmkit.recipes.storyworld_bert import STORYWORLD_BERT
from lmkit.recipes.storyworld_gpt import STORYWORLD_GPT
from lmkit.recipes.storyworld_translation import STORYWORLD_TRANSLATION, translate
from lmkit.recipes.tagging import ENTITIES
from lmkit.recipes.task_recipe import TaskRecipe
from lmkit.recipes.text_model import TextRecipe, short_training, small_gpt
from lmkit.recipes.text_scores import DocumentScore, score_documents
from lmkit.recipes.trained_task import TrainedTask, load_trained_task
from lmkit.recipes.translation import TRANSLATION
from lmkit.recipes.writing import ANSWERS, PROBLEMS, SUMMARIES, small_problems

ModelName = Literal["storyworld-gpt", "storyworld-bert", "storyworld-translation", "storyworld-base"]
"""The models that ``lmkit pretrain`` can make."""

MODEL_RECIPES: dict[ModelName, ModelRecipe] = {
    "storyworld-gpt": STORYWORLD_GPT,
    "storyworld-bert": STORYWORLD_BERT,
    "storyworld-translation": STORYWORLD_TRANSLATION,
    "storyworld-base": STORYWORLD_BASE,
}
"""The recipes of the shipped models, by the name that :func:`lmkit.models.load_pretrained` takes."""

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
"""The tasks that ``lmkit finetune`` can teach a model."""

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
"""The recipes of the tasks, by name."""

__all__ = [
    "HELD_OUT_SEED",
    "MIXTURE_SHARES",
    "MODEL_RECIPES",
    "TASK_RECIPES",
    "TRAINING_SEED",
    "DocumentScore",
    "Learner",
    "ModelName",
    "ModelRecipe",
    "StoppableBatches",
    "TaskName",
    "TaskRecipe",
    "TextRecipe",
    "TrainedTask",
    "continue_text",
    "learn",
    "load_model_and_tokenizer",
    "load_trained_task",
    "own_task",
    "save_task_model",
    "score_documents",
    "short_training",
    "small_gpt",
    "small_problems",
    "translate",
]
