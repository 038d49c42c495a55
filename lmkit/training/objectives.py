"""How a model and a batch become a loss: one function for each way of training.

An objective is ``objective(model, batch) -> loss``. Each computes the loss of the same name in
:mod:`lmkit.training.losses`, through :func:`~lmkit.training.chunked.linear_cross_entropy` for speed.
"""

from collections.abc import Callable
from typing import Any

from jaxtyping import Float, Int
from torch import Tensor

from lmkit.data import Batch
from lmkit.training.chunked import linear_cross_entropy

Objective = Callable[[Any, Batch], Tensor]
"""A loss in nats as a function of a model and a batch."""


def next_token_objective(model: Any, batch: Batch) -> Tensor:
    """Loss of a language model that reads from left to right, equal to ``next_token_loss(model(inputs), targets)``.

    Args:
        model: Has ``hidden(token_ids, attention_mask=)`` and ``unembedding``, a linear layer.
        batch: Its ``attention_mask`` is passed on if there is one.

    Returns:
        Nats per scored token.
    """
    if batch.attention_mask is None:
        hidden = model.hidden(batch.inputs)
    else:
        hidden = model.hidden(batch.inputs, attention_mask=batch.attention_mask)
    return unembedded_loss(model, hidden, batch.targets)


def unembedded_loss(
    model: Any,
    hidden: Float[Tensor, "*B D"],
    targets: Int[Tensor, "*B"],
    label_smoothing: float = 0.0,
) -> Float[Tensor, ""]:
    """Cross-entropy of a model's unembedding of hidden states, without holding the logits.

    Args:
        model: Has ``unembedding``, a linear layer.
        hidden: What the unembedding is applied to.
        targets: The true token of each position, or ``IGNORE_ID``.
        label_smoothing: The share of the target spread evenly over the vocabulary.

    Returns:
        Nats per scored token.
    """
    layer = model.unembedding
    return linear_cross_entropy(hidden, layer.weight, targets, bias=layer.bias, label_smoothing=label_smoothing)
