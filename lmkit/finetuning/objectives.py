"""Objectives of fine-tuning tasks: ``objective(model, batch) -> loss``, for :func:`lmkit.training.train`."""

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
        model: Predicts classes.
        batch: As from :func:`lmkit.tasks.classification_batches`.

    Returns:
        Nats per row.

    Example:
        >>> from lmkit.models import BERT, BERTConfig
        >>> bert = BERT(BERTConfig(vocab_size=50, context_length=8, d_model=16, num_layers=1, num_heads=2))

        >>> tokens = torch.tensor([[1, 2, 3, 4]])
        >>> batch = Batch(inputs=tokens, targets=tokens, labels=torch.tensor([2]))
        >>> classification_objective(SequenceClassifier(bert, num_classes=3).eval(), batch).item() > 0
        True
    """
    return cross_entropy(model.logits(batch), _labels(batch))


def regression_objective(model: PairRegressor, batch: Batch) -> Float[Tensor, ""]:
    """Mean squared error.

    Args:
        model: Predicts numbers.
        batch: As from :func:`lmkit.tasks.regression_batches`.

    Returns:
        In the squared unit of the labels.

    Example:
        >>> from lmkit.models import BERT, BERTConfig
        >>> bert = BERT(BERTConfig(vocab_size=50, context_length=8, d_model=16, num_layers=1, num_heads=2))

        >>> tokens, segment_ids = torch.tensor([[1, 2, 3, 4]]), torch.tensor([[0, 0, 1, 1]])
        >>> model = PairRegressor(bert).eval()
        >>> guess = model.numbers(Batch(inputs=tokens, targets=tokens, segment_ids=segment_ids)).detach()
        >>> batch = Batch(inputs=tokens, targets=tokens, segment_ids=segment_ids, labels=guess + 2)
        >>> round(regression_objective(model, batch).item(), 4)  # an error of 2, squared
        4.0
    """
    return (model.numbers(batch) - _labels(batch)).square().mean()


def tagging_objective(model: TokenTagger, batch: Batch) -> Float[Tensor, ""]:
    """Cross-entropy of the tags.

    Args:
        model: Predicts tags.
        batch: As from :func:`lmkit.tasks.tagging_batches`.

    Returns:
        Nats per tagged token.

    Example:
        >>> from lmkit.models import BERT, BERTConfig
        >>> bert = BERT(BERTConfig(vocab_size=50, context_length=8, d_model=16, num_layers=1, num_heads=2))

        >>> model = TokenTagger(bert, num_tags=5).eval()
        >>> batch = Batch(inputs=torch.tensor([[1, 2, 3, 4]]), targets=torch.tensor([[-100, 0, 4, -100]]))
        >>> tagging_objective(model, batch).item() > 0  # two of the four tokens are scored
        True
    """
    return cross_entropy(model.logits(batch), batch.targets)


def answer_span_objective(model: SpanExtractor, batch: Batch) -> Float[Tensor, ""]:
    """Mean of two cross-entropies: of the first position of the answer and of the last.

    Args:
        model: Predicts positions.
        batch: As from :func:`lmkit.tasks.answer_span_batches`.

    Returns:
        Nats per position.

    Example:
        >>> from lmkit.models import BERT, BERTConfig
        >>> bert = BERT(BERTConfig(vocab_size=50, context_length=8, d_model=16, num_layers=1, num_heads=2))

        >>> tokens, segment_ids = torch.tensor([[1, 2, 3, 4, 5]]), torch.tensor([[0, 0, 1, 1, 1]])
        >>> batch = Batch(inputs=tokens, targets=tokens, segment_ids=segment_ids, labels=torch.tensor([[2, 3]]))
        >>> answer_span_objective(SpanExtractor(bert), batch).item() > 0
        True
    """
    return cross_entropy(model.logits(batch), _labels(batch))


def matching_objective(model: BiEncoder, batch: Batch, temperature: float = TEMPERATURE) -> Float[Tensor, ""]:
    r"""Match each source to its own text among all texts of the batch (InfoNCE with in-batch negatives).

    $$-\frac{1}{B} \sum_i \log \frac{e^{q_i \cdot k_i / \tau}}{\sum_j e^{q_i \cdot k_j / \tau}}$$

    Texts of other pairs with the same label are left out of the sum, since they are correct too. The loss depends on
    the whole batch: in micro-batches there are fewer texts to tell apart.

    Args:
        model: Maps texts to vectors.
        batch: As from :func:`lmkit.tasks.matching_batches`.
        temperature: $\tau > 0$.

    Returns:
        Nats per pair.

    Raises:
        ValueError: If the batch has no sources or no labels.

    Source:
        van den Oord et al. (2018), equation 4; in-batch negatives: Karpukhin et al. (2020), section 3.2.

    Example:
        >>> from lmkit.models import BERT, BERTConfig
        >>> bert = BERT(BERTConfig(vocab_size=50, context_length=8, d_model=16, num_layers=1, num_heads=2))

        >>> tokens = torch.tensor([[1, 2], [3, 4]])  # each text belongs to itself
        >>> mask, labels = torch.ones(2, 2, dtype=torch.bool), torch.tensor([0, 1])
        >>> batch = Batch(inputs=tokens, targets=tokens, labels=labels, source_ids=tokens, source_mask=mask)
        >>> matching_objective(BiEncoder(bert).eval(), batch).item() < 0.6931  # better than guessing, log 2
        True
    """
    if batch.source_ids is None or batch.source_mask is None:
        raise ValueError("batch.source_ids or batch.source_mask is None, but matching needs a source for each row")
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
        raise ValueError("batch.labels is None, but this objective needs a label for each row")
    return batch.labels
