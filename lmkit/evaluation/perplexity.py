"""How well a language model predicts a text: loss in nats per token, perplexity, bits per byte.

All three are computed from the log-probability that the model assigns to the text.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from lmkit.functional import IGNORE_ID, target_log_probs


def perplexity(loss_nats: float) -> float:
    r"""Perplexity $e^{\mathcal{L}}$: the number of equally likely tokens that would be equally hard to predict.

    Args:
        loss_nats: Mean negative log-probability $\mathcal{L}$, in nats per token.

    Returns:
        At least 1 for a loss of at least 0; infinite if the exponential overflows.

    Example:
        >>> round(perplexity(math.log(50)), 6)  # a uniform guess among 50 tokens
        50.0
    """
    try:
        return math.exp(loss_nats)
    except OverflowError:
        return math.inf


def bits_per_byte(total_nats: float, num_bytes: int) -> float:
    r"""Information content of a text in bits per byte of its UTF-8 encoding.

    Loss and perplexity depend on how the text is split into tokens. Bits per byte do not, so they compare models with
    different tokenizers.

    Args:
        total_nats: Negative log-probability of the whole text, in nats.
        num_bytes: Length of the text in bytes.

    Returns:
        Bits per byte. Uncompressed text has 8; good compressors of English reach about 2.

    Raises:
        ValueError: If there are no bytes.

    Example:
        >>> bits_per_byte(total_nats=80 * math.log(2), num_bytes=40)
        2.0
    """
    if num_bytes < 1:
        raise ValueError(f"num_bytes={num_bytes} must be at least 1")
    return total_nats / math.log(2) / num_bytes


@dataclass(frozen=True, kw_only=True)
class TextScore:
    """A model's score on a text.

    Args:
        total_nats: Negative log-probability of all scored tokens, in nats.
        num_tokens: Number of scored tokens.
        num_bytes: Length of their text in UTF-8 bytes.
        standard_error: Standard error of ``loss_nats`` in nats per token, as if tokens were independent; ``nan`` for a
            single token.

    Example:
        >>> score = TextScore(total_nats=30 * math.log(2), num_tokens=10, num_bytes=15, standard_error=0.1)
        >>> round(score.perplexity, 3), round(score.bits_per_byte, 3)
        (8.0, 2.0)
    """

    total_nats: float
    num_tokens: int
    num_bytes: int
    standard_error: float

    @property
    def loss_nats(self) -> float:
        """Mean negative log-probability, in nats per token."""
        return self.total_nats / self.num_tokens

    @property
    def perplexity(self) -> float:
        """Exponential of the loss."""
        return perplexity(self.loss_nats)

    @property
    def bits_per_byte(self) -> float:
        """Information content per byte of text, in bits."""
        return bits_per_byte(self.total_nats, self.num_bytes)


def score_text(log_probs: Float[Tensor, " N"], num_bytes: int) -> TextScore:
    """Summarise the log-probabilities of a text's tokens.

    Args:
        log_probs: Log-probability of each scored token, in nats.
        num_bytes: Length of these tokens' text in UTF-8 bytes.

    Returns:
        Loss, perplexity and bits per byte.

    Raises:
        ValueError: If nothing was scored.

    Example:
        >>> log_probs = torch.tensor([0.5, 0.25, 0.125]).log()
        >>> score = score_text(log_probs, num_bytes=9)
        >>> round(score.perplexity, 3), round(score.bits_per_byte, 3)
        (4.0, 0.667)
    """
    if log_probs.numel() == 0:
        raise ValueError("log_probs is empty: there is nothing to score")
    nats = -log_probs.double()
    spread = nats.std().item() if nats.numel() > 1 else math.nan
    return TextScore(
        total_nats=nats.sum().item(),
        num_tokens=nats.numel(),
        num_bytes=num_bytes,
        standard_error=spread / math.sqrt(nats.numel()),
    )


@torch.inference_mode()
def token_log_probs(
    model: nn.Module, token_stream: Int[Tensor, " M"], *, context_length: int, batch_size: int = 32
) -> Float[Tensor, " M-1"]:
    r"""Log-probability of every token of a stream except the first, for a model with a limited context.

    The stream is split into windows of ``context_length`` tokens that overlap by half. Each token is scored in the
    window that gives it the longest context: at least half a window, except at the start of the stream.

    Args:
        model: Maps token ids "B T" to logits "B T V".
        token_stream: The text as token ids.
        context_length: Tokens per window, at least 2.
        batch_size: Windows per forward pass.

    Returns:
        Nats, in the dtype of the logits.

    Raises:
        ValueError: If the stream or the window has fewer than two tokens.

    Example:
        >>> uniform = nn.Embedding.from_pretrained(torch.zeros(5, 8))  # always predicts 8 equally likely tokens
        >>> token_log_probs(uniform, torch.tensor([3, 1, 4, 1]), context_length=2).exp()
        tensor([0.1250, 0.1250, 0.1250])
    """
    if context_length < 2:
        raise ValueError(f"context_length={context_length} must be at least 2")
    if len(token_stream) < 2:
        raise ValueError(f"token_stream has {len(token_stream)} tokens; a prediction needs at least 2")
    inputs, targets = token_stream[:-1], token_stream[1:]
    length = min(context_length, len(inputs))
    stride = max(1, length // 2)
    # The last window ends where the stream ends, so it may overlap by more than half.
    starts = [*range(0, len(inputs) - length, stride), len(inputs) - length]
    pieces = []
    scored = 0
    for first in range(0, len(starts), batch_size):
        batch = starts[first : first + batch_size]
        logits = model(torch.stack([inputs[start : start + length] for start in batch]))
        target_ids = torch.stack([targets[start : start + length] for start in batch])
        log_probs_BT = target_log_probs(logits, target_ids)
        for start, row in zip(batch, log_probs_BT, strict=True):
            pieces.append(row[scored - start :])
            scored = start + length
    return torch.cat(pieces)


@torch.inference_mode()
def document_log_probs(
    model: nn.Module, documents: Sequence[Sequence[int]], *, end_of_text_id: int, batch_size: int = 32
) -> Float[Tensor, " N"]:
    r"""Log-probability of each document, scored independently: $\log P(x_1, \dots, x_T, \text{end})$.

    The model reads an end-of-text token first, so that the document's first token is predicted too.

    Args:
        model: Maps token ids "B T" to logits "B T V".
        documents: Token ids of each document, without end-of-text tokens.
        end_of_text_id: The token between two documents.
        batch_size: Documents per forward pass; documents of similar length are batched together.

    Returns:
        Nats per document.

    Raises:
        ValueError: If there are no documents.

    Example:
        >>> uniform = nn.Embedding.from_pretrained(torch.zeros(5, 8))  # always predicts 8 equally likely tokens
        >>> document_log_probs(uniform, [[3, 1, 4], [1]], end_of_text_id=0).exp() * 8**4
        tensor([ 1.0000, 64.0000], dtype=torch.float64)
    """
    if not documents:
        raise ValueError("documents is empty: there is nothing to score")
    device = device_of(model)
    totals = torch.zeros(len(documents), dtype=torch.float64)
    by_length = sorted(range(len(documents)), key=lambda number: len(documents[number]))
    for first in range(0, len(documents), batch_size):
        numbers = by_length[first : first + batch_size]
        rows = [torch.tensor([end_of_text_id, *documents[number], end_of_text_id]) for number in numbers]
        rows_BT = nn.utils.rnn.pad_sequence(rows, batch_first=True, padding_value=IGNORE_ID)
        targets = rows_BT[:, 1:].to(device)
        inputs = rows_BT[:, :-1].clamp(min=0).to(device)  # padding on the right changes no earlier prediction
        totals[numbers] = target_log_probs(model(inputs), targets).double().sum(dim=-1).cpu()
    return totals


def device_of(model: nn.Module) -> torch.device:
    """The device of a model's parameters; the CPU if it has none, like an n-gram model."""
    return next((parameter.device for parameter in model.parameters()), torch.device("cpu"))
