"""How a model learns a task: how examples become batches, and how the trained model answers."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import nn

from lmkit.data import Batches
from lmkit.finetuning import FineTuningConfig, Hit, fine_tune, renew_embeddings, untrained_tokens
from lmkit.training import History, Objective

Examples = Sequence[Any]
"""Examples of a task, all of the same kind."""

Answers = Sequence[Any]
"""One answer per example: a class, a number, spans, a text, or a ranking."""


@dataclass(frozen=True, kw_only=True)
class Learner:
    """A model with everything it needs to learn a task and to answer.

    Args:
        model: A pre-trained model, or a head on one.
        objective: The loss.
        make_batches: Turns examples into training batches; it also takes the arguments that all batch functions take.
        answer: Answers examples with the model.
        labels: Names of the outputs of the head, in order; empty if they have none.
        probabilities: For models that predict classes: the probability of each label; otherwise ``None``.
        never_seen: Ids of tokens that occur in no text. Tokens whose vectors are similar were not seen in pre-training
            either. They get new vectors, because the task may use them and the model could not tell them apart.
        search: For models that find texts: takes queries, documents and a number of hits; otherwise ``None``.

    Example:
        >>> from lmkit.models import load_pretrained, load_tokenizer
        >>> from lmkit.recipes import TASK_RECIPES
        >>> recipe = TASK_RECIPES["sentiment"]
        >>> task = recipe.make_task(num_train=8, num_validation=0, num_test=2)
        >>> learner = recipe.make_learner(load_pretrained("storyworld-bert"), load_tokenizer("storyworld-bert"), task)
        >>> len(learner.answer(task.test))
        2
    """

    model: nn.Module
    objective: Objective
    make_batches: Callable[..., Batches]
    answer: Callable[[Examples], Answers]
    labels: Sequence[str] = ()
    probabilities: Callable[[Examples], list[dict[str, float]]] | None = None
    never_seen: Sequence[int] = ()
    search: Callable[[Sequence[str], Sequence[str], int], list[list[Hit]]] | None = None


def learn(learner: Learner, examples: Examples, config: FineTuningConfig, *, progress: bool = True) -> History:
    """Train on examples, reshuffled in each epoch, for the number of steps in the config.

    Args:
        learner: Its model is changed in place, and left in evaluation mode.
        examples: What to learn from.
        config: How to train.
        progress: Whether to show a progress bar.

    Returns:
        What happened.

    Example:
        >>> from lmkit.models import load_pretrained, load_tokenizer
        >>> from lmkit.recipes import TASK_RECIPES
        >>> recipe = TASK_RECIPES["sentiment"]
        >>> task = recipe.make_task(num_train=8, num_validation=0, num_test=2)
        >>> learner = recipe.make_learner(load_pretrained("storyworld-bert"), load_tokenizer("storyworld-bert"), task)
        >>> learn(learner, task.train, recipe.config(num_steps=1, batch_size=4), progress=False).num_steps
        1
    """
    batches = learner.make_batches(
        examples,
        batch_size=config.batch_size,
        generator=torch.Generator().manual_seed(config.seed),
        num_epochs=None,
    )
    if learner.never_seen:
        config = _prepare_new_tokens(learner, config)
    return fine_tune(learner.model, batches, config, objective=learner.objective, progress=progress)


def _prepare_new_tokens(learner: Learner, config: FineTuningConfig) -> FineTuningConfig:
    """Give unseen tokens vectors of their own, and let every method train them."""
    name = "token_embedding.weight"
    embedding = learner.model.get_parameter(name)
    untrained = untrained_tokens(embedding, learner.never_seen)
    if len(untrained) == 0:
        return config
    renew_embeddings(embedding, untrained, seed=config.seed)
    also_train = f"{config.lora.also_train}|{re.escape(name)}"  # only the embedding can learn them
    return replace(config, lora=replace(config.lora, also_train=also_train))
