"""Objectives of the tasks: ``objective(model, batch) -> loss``, for :func:`lmkit.training.train`."""

from dataclasses import replace

import torch
from jaxtyping import Float
from torch import Tensor

from lmkit.data import Batch
from lmkit.finetuning.heads import BiEncoder, PairRegressor, SequenceClassifier, SpanExtractor, TokenTagger
from lmkit.functional import cross_entropy

TEMPERATURE = 0.05
"""What the cosines of :func:`matching_objective` are divided by, as in Gao et al. (2021)."""


def classification_objective(model: SequenceClassifier, batch: Batch) -> Float[Tensor, ""]:
    """Cross-entropy of the classes.

    Args:
        model: Tells classes.
        batch: As from :func:`lmkit.tasks.classification_batches`.

    Returns:
        Nats per row.
    """
    return cross_entropy(model.logits(batch), _labels(batch))


def regression_objective(model: PairRegressor, batch: Batch) -> Float[Tensor, ""]:
    """Mean squared error.

    Args:
        model: Tells numbers.
        batch: As from :func:`lmkit.tasks.regression_batches`.

    Returns:
        In the square of the labels' unit.
    """
    return (model.numbers(batch) - _labels(batch)).square().mean()


def tagging_objective(model: TokenTagger, batch: Batch) -> Float[Tensor, ""]:
    """Cross-entropy of the tags.

    Args:
        model: Tells tags.
        batch: As from :func:`lmkit.tasks.tagging_batches`.

    Returns:
        Nats per tagged token.
    """
    return cross_entropy(model.logits(batch), batch.targets)


def answer_span_objective(model: SpanExtractor, batch: Batch) -> Float[Tensor, ""]:
    """Cross-entropy of the first position and that of the last, half of each.

    Args:
        model: Tells positions.
        batch: As from :func:`lmkit.tasks.answer_span_batches`.

    Returns:
        Nats per position.
    """
    return cross_entropy(model.logits(batch), _labels(batch))


def matching_objective(model: BiEncoder, batch: Batch, temperature: float = TEMPERATURE) -> Float[Tensor, ""]:
    r"""Tell which of the batch's texts belongs to each text that is given (InfoNCE with in-batch negatives).

    $$-\frac{1}{B} \sum_i \log \frac{e^{q_i \cdot k_i / \tau}}{\sum_j e^{q_i \cdot k_j / \tau}}$$

    Another pair's text that is the same as one's own, by ``labels``, is left out of the sum. The loss depends on the
    batch as a whole: in micro-batches there are fewer texts to tell apart.

    Args:
        model: Makes vectors.
        batch: As from :func:`lmkit.tasks.matching_batches`.
        temperature: $\tau > 0$.

    Returns:
        Nats per pair.

    Raises:
        ValueError: If the batch has no texts that are given, or no labels.

    Source:
        van den Oord et al. (2018), equation 4; negatives of the batch: Karpukhin et al. (2020), section 3.2.
    """
    if batch.source_ids is None or batch.source_mask is None:
        raise ValueError("batch.source_ids or batch.source_mask is None: there is nothing to match")
    labels = _labels(batch)
    given = Batch(
        inputs=batch.source_ids,
        targets=batch.source_ids,
        attention_mask=batch.source_mask.unsqueeze(1).expand(-1, batch.source_ids.shape[1], -1),
    )
    cosines = model.embed(given) @ model.embed(replace(batch, source_ids=None, source_mask=None)).T
    is_same = labels.unsqueeze(1) == labels
    own = torch.arange(len(labels), device=labels.device)
    is_other = own.unsqueeze(1) != own
    logits = (cosines / temperature).masked_fill(is_same & is_other, -torch.inf)
    return cross_entropy(logits, own)


def _labels(batch: Batch) -> Tensor:
    if batch.labels is None:
        raise ValueError("batch.labels is None: there is nothing to learn about the rows")
    return batch.labels
