"""What makes a model that ships with the package: data, sizes, training, scores.

Stories are drawn from the story world by seed: those of one seed for training, those of another for evaluation.
Two stories are the same with a probability of about $e^{-55}$, so nothing leaks.
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
HELD_OUT_SEED = 2

Scores = dict[str, int | float | str]
"""What was measured, by its name."""


@dataclass(frozen=True, kw_only=True)
class ModelRecipe:
    """Everything that makes one model.

    Args:
        summary: What the model is, in a sentence.
        make_tokenizer: Trains the tokenizer.
        make_model: Takes the size of the vocabulary.
        make_batches: The training data, as a function of the tokenizer and a number of stories.
        objective: The loss.
        num_stories: How many stories to train on, once in each cycle.
        num_cycles: How often the learning rate rises and falls.
        learning_rate: The highest.
        special_ids: How texts begin, end and are laid out in rows, as a function of the tokenizer.
        measure: Scores on held-out stories, as a function of model, tokenizer and a number of stories.

    Example:
        >>> from lmkit.recipes import MODEL_RECIPES
        >>> recipe = MODEL_RECIPES["storyworld-gpt"]
        >>> recipe.make_model(100).config.context_length, recipe.num_cycles
        (256, 3)
    """

    summary: str
    make_tokenizer: Callable[[], Tokenizer]
    make_model: Callable[[int], nn.Module]
    make_batches: Callable[[Tokenizer, int], Batches]
    objective: Objective
    num_stories: int
    num_cycles: int = 1
    learning_rate: float
    special_ids: Callable[[Tokenizer], SpecialIds]
    measure: Callable[[Any, Tokenizer, int], Scores]
