"""How a model and a batch become a loss: one function for each way of training.

An objective is ``objective(model, batch) -> loss``, see :data:`Objective`. Each computes the loss of the same name in
:mod:`lmkit.training.losses`, through :func:`~lmkit.training.chunked.linear_cross_entropy` for speed.
"""

from collections.abc import Callable
from typing import Any

import torch
from jaxtyping import Float, Int
from torch import Tensor

from lmkit.data import Batch
from lmkit.functional import IGNORE_ID
from lmkit.training.chunked import linear_cross_entropy
from lmkit.training.losses import sentence_pair_loss

Objective = Callable[[Any, Batch], Tensor]
"""A loss in nats as a function of a model and a batch.

Usually it is one number: the mean over the batch's scored tokens or, if it has none, over its labelled rows. It may
also be two that are to be added, the mean over the scored tokens and the mean over the labelled rows. Kept apart,
they can be combined correctly over micro-batches, each with its own share of the tokens and of the rows.
"""


def next_token_objective(model: Any, batch: Batch) -> Tensor:
    """Loss of a language model that reads from left to right, equal to ``next_token_loss(model(inputs), targets)``.

    Args:
        model: A GPT, a Llama, an LSTM, or another with ``hidden`` and ``unembedding``.
        batch: As from :func:`lmkit.data.next_token_batches`.

    Returns:
        Nats per scored token.

    Example:
        >>> from lmkit.models import GPT, GPTConfig
        >>> model = GPT(GPTConfig(vocab_size=50, context_length=8, d_model=16, num_layers=1, num_heads=2))
        >>> batch = Batch(inputs=torch.tensor([[1, 2]]), targets=torch.tensor([[2, 3]]))
        >>> round(next_token_objective(model, batch).item(), 1)  # log 50
        3.9
    """
    masks = {} if batch.attention_mask is None else {"attention_mask": batch.attention_mask}
    return unembedded_loss(model, model.hidden(batch.inputs, **masks), batch.targets)


def masked_objective(model: Any, batch: Batch) -> Tensor:
    """Loss of restoring masked tokens; only the chosen positions go through the head.

    Args:
        model: A BERT.
        batch: As from :func:`lmkit.data.masked_batches`.

    Returns:
        Nats per chosen token.

    Example:
        >>> from lmkit.models import BERT, BERTConfig
        >>> model = BERT(BERTConfig(vocab_size=50, context_length=8, d_model=16, num_layers=1, num_heads=2))
        >>> batch = Batch(inputs=torch.tensor([[1, 3, 2]]), targets=torch.tensor([[IGNORE_ID, 7, IGNORE_ID]]))
        >>> round(masked_objective(model, batch).item(), 1)  # log 50
        3.9
    """
    return _restoration_loss(model, _encode(model, batch), batch)


def sentence_pair_objective(model: Any, batch: Batch) -> Tensor:
    """Losses of restoring masked tokens, if there are any, and of classifying the relation between two sentences.

    Args:
        model: A BERT.
        batch: As from :func:`lmkit.data.sentence_pair_batches`.

    Returns:
        Nats per chosen token, and nats per pair. The loss is their sum.

    Raises:
        ValueError: If the batch has no labels.

    Example:
        >>> from lmkit.models import BERT, BERTConfig
        >>> model = BERT(BERTConfig(vocab_size=50, context_length=8, d_model=16, num_layers=1, num_heads=2))
        >>> batch = Batch(
        ...     inputs=torch.tensor([[1, 3, 2, 5, 2]]),
        ...     targets=torch.tensor([[IGNORE_ID, 7, IGNORE_ID, IGNORE_ID, IGNORE_ID]]),
        ...     segment_ids=torch.tensor([[0, 0, 0, 1, 1]]),
        ...     labels=torch.tensor([0]),
        ... )
        >>> restoration, relation = sentence_pair_objective(model, batch)
        >>> round(restoration.item(), 1)  # log 50
        3.9
    """
    if batch.labels is None:
        raise ValueError("batch.labels is None: there is nothing to tell about the pairs")
    encoded = _encode(model, batch)
    logits = model.pair_logits(encoded)
    logits = logits.to(torch.promote_types(logits.dtype, torch.float32))  # never a softmax in bf16
    return torch.stack([_restoration_loss(model, encoded, batch), sentence_pair_loss(logits, batch.labels)])


def permutation_objective(model: Any, batch: Batch) -> Tensor:
    """Loss of predicting tokens in a random order.

    Args:
        model: A PermutationLM.
        batch: As from :func:`lmkit.data.permuted_batches`.

    Returns:
        Nats per scored token.

    Example:
        >>> from lmkit.data import permuted_batches
        >>> from lmkit.models import PermutationLM, PermutationLMConfig
        >>> model = PermutationLM(
        ...     PermutationLMConfig(vocab_size=50, context_length=8, d_model=16, num_layers=1, num_heads=2)
        ... )
        >>> generator = torch.Generator().manual_seed(0)
        >>> batches = permuted_batches(torch.arange(50), batch_size=2, context_length=8, generator=generator)
        >>> round(permutation_objective(model, next(batches)).item(), 1)  # log 50
        3.9
    """
    hidden = model.hidden(batch.inputs, attention_mask=batch.attention_mask, query_mask=batch.query_mask)
    return unembedded_loss(model, hidden, batch.targets)


def sequence_to_sequence_objective(model: Any, batch: Batch, label_smoothing: float = 0.1) -> Tensor:
    """Loss of writing a text given another.

    Smoothing is used only for training: evaluation mode has none, so that losses can be compared.

    Args:
        model: An EncoderDecoder.
        batch: As from :func:`lmkit.data.seq2seq_batches`.
        label_smoothing: The share of the target spread evenly over the vocabulary, in training mode.

    Returns:
        Nats per target token.

    Example:
        >>> from lmkit.data import seq2seq_batches
        >>> from lmkit.training import sequence_to_sequence_loss
        >>> from lmkit.models import EncoderDecoder, EncoderDecoderConfig
        >>> model = EncoderDecoder(
        ...     EncoderDecoderConfig(vocab_size=50, context_length=8, d_model=16, num_layers=1, num_heads=2)
        ... )
        >>> batches = seq2seq_batches([([5, 6], [7, 8])], batch_size=1, start_id=1, end_id=2, pad_id=0)
        >>> batch = next(batches)
        >>> logits = model.eval()(batch.inputs, batch.source_ids, source_mask=batch.source_mask)
        >>> loss = sequence_to_sequence_loss(logits, batch.targets, label_smoothing=0.0)
        >>> torch.isclose(sequence_to_sequence_objective(model, batch), loss).item()
        True
    """
    hidden = model.hidden(batch.inputs, batch.source_ids, source_mask=batch.source_mask)
    return unembedded_loss(model, hidden, batch.targets, label_smoothing if model.training else 0.0)


def unembedded_loss(
    model: Any,
    hidden: Float[Tensor, "*B D"],
    targets: Int[Tensor, "*B"],
    label_smoothing: float = 0.0,
) -> Float[Tensor, ""]:
    """Cross-entropy of a model's unembedding of hidden states, without holding the logits.

    On a CPU the positions that are not scored, often most of an instruction, are left out. On a GPU the
    program would have to wait for their number before it can launch more work. We expect this to cost more than it
    saves, but have not measured it. Compiled code needs
    shapes that do not depend on data.

    Args:
        model: Has ``unembedding``, a linear layer.
        hidden: What the unembedding is applied to.
        targets: The true token of each position, or ``IGNORE_ID``.
        label_smoothing: The share of the target spread evenly over the vocabulary.

    Returns:
        Nats per scored token.
    """
    layer = model.unembedding
    if hidden.device.type == "cpu" and not torch.compiler.is_compiling():
        is_scored = targets != IGNORE_ID
        if not is_scored.all():
            hidden, targets = hidden[is_scored], targets[is_scored]
    return linear_cross_entropy(hidden, layer.weight, targets, bias=layer.bias, label_smoothing=label_smoothing)


def _encode(model: Any, batch: Batch) -> Tensor:
    return model.encode(batch.inputs, segment_ids=batch.segment_ids, attention_mask=batch.attention_mask)


def _restoration_loss(model: Any, encoded: Tensor, batch: Batch) -> Tensor:
    chosen = batch.targets != IGNORE_ID
    hidden = model.prepare_unembedding(encoded[chosen].unsqueeze(0))
    return unembedded_loss(model, hidden, batch.targets[chosen].unsqueeze(0))
