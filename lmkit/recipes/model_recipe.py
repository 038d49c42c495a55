"""How a shipped model is made: data, sizes, training, scores.

Stories are drawn from the story world by seed: one seed for training, another for evaluation. Two stories are equal
with a probability of about $e^{-55}$, so nothing leaks.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from torch import nn

from lmkit.data import Batches
from lmkit.models import SpecialIds
from lmkit.tokenizers import Tokenizer
from lmkit.training import Objective

TRAINING_SEED = 1
"""Seed of the stories that the shipped models were trained on."""

HELD_OUT_SEED = 2
"""Seed of stories that no shipped model was trained on."""

Scores = dict[str, int | float | str]
"""Scores by name."""


@dataclass(frozen=True, kw_only=True)
class ModelRecipe:
    """Everything that makes one model.

    Args:
        summary: What the model is, in a sentence.
        make_tokenizer: Trains the tokenizer.
        make_model: Makes the model, given the vocabulary size.
        start: Gives the new model its first weights, given the tokenizer too; ``None`` leaves them random.
        make_batches: Makes the training batches, given the tokenizer and a number of stories.
        objective: The loss.
        num_stories: How many stories to train on, each once per cycle.
        counts: What these are: stories, or texts of other kinds too.
        num_cycles: How often the learning rate rises and falls.
        max_steps: Where the training ends if the last cycle is cut short; ``None`` for whole cycles.
        learning_rate: The maximum.
        special_ids: Returns how texts begin, end and are arranged in rows, given the tokenizer.
        measure: Returns scores on held-out stories, given model, tokenizer and a number of stories.

    Example:
        >>> from lmkit.recipes import MODEL_RECIPES
        >>> recipe = MODEL_RECIPES["storyworld-gpt"]
        >>> recipe.make_model(100).config.context_length, recipe.num_cycles
        (256, 3)
    """

    summary: str
    make_tokenizer: Callable[[], Tokenizer]
    make_model: Callable[[int], nn.Module]
    start: Callable[[Any, Tokenizer], None] | None = None
    make_batches: Callable[[Tokenizer, int], Batches]
    objective: Objective
    num_stories: int
    counts: str = "stories"
    num_cycles: int = 1
    max_steps: int | None = None
    learning_rate: float
    special_ids: Callable[[Tokenizer], SpecialIds]
    measure: Callable[[Any, Tokenizer, int], Scores]
