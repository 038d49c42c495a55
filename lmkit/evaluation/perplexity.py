"""How well a language model predicts a text: loss in nats, perplexity, bits per byte.

Three views of one number, the log-probability that the model gives to the text.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from lmkit.functional import IGNORE_ID, target_log_probs


def perplexity(loss_nats: float) -> float:
    r"""Perplexity $e^{\mathcal{L}}$: how many equally likely tokens would be as hard to guess.

    Args:
        loss_nats: Mean negative log-probability $\mathcal{L}$, in nats per token.

    Returns:
        At least 1 for a loss of at least 0; infinite where the exponential overflows.

    Example:
        >>> round(perplexity(math.log(50)), 6)  # a uniform guess among 50 tokens
        50.0
    """
    try:
        return math.exp(loss_nats)
    except OverflowError:
        return math.inf


def bits_per_byte(total_nats: float, num_bytes: int) -> float:
    r"""Information content of a text in bits, per byte of its UTF-8 encoding.

    Unlike loss and perplexity it does not depend on how the text was split into tokens, so models
    with different tokenizers can be compared.

    Args:
        total_nats: Negative log-probability of the whole text, in nats.
        num_bytes: Length of the text in bytes.

    Returns:
        Bits per byte. Text files take 8; good compressors of English take about 2.

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
    """What a model's log-probabilities say about a text.

    Args:
        total_nats: Negative log-probability of all scored tokens.
        num_tokens: How many tokens were scored.
        num_bytes: Length of their text in UTF-8 bytes.
        standard_error: Standard error of ``loss_nats``, in nats per token, with tokens taken as independent.

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
        num_bytes: Length of the text of these tokens in UTF-8 bytes.

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
    r"""Log-probability of every token of a stream but the first, under a model with a limited context.

    The stream is split into windows of ``context_length`` tokens that overlap by half, and each token
    is scored in the window where it has the longer context: at least half a window of it, except at
    the start of the stream.

    Args:
        model: Maps token ids "B T" to logits "B T V".
        token_stream: The text as token ids.
        context_length: Tokens in a window, at least 2.
        batch_size: Windows scored at a time.

    Returns:
        Nats, in the dtype of the logits.

    Raises:
        ValueError: If the stream is shorter than two tokens or the window than two.

    Example:
        >>> uniform = nn.Embedding.from_pretrained(torch.zeros(5, 8))  # whatever it reads, 8 tokens are equally likely
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
    # The last window is moved back so that it ends with the stream.
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
    r"""Log-probability of whole documents, each by itself: $\log P(x_1, \dots, x_T, \text{end})$.

    The model first reads the end of another text, so that the first token is predicted too.

    Args:
        model: Maps token ids "B T" to logits "B T V".
        documents: Token ids of each, without the end of text.
        end_of_text_id: The token between two documents.
        batch_size: Documents scored at a time, of similar length.

    Returns:
        Nats, one number per document.

    Raises:
        ValueError: If there is no document.

    Example:
        >>> uniform = nn.Embedding.from_pretrained(torch.zeros(5, 8))  # whatever it reads, 8 tokens are equally likely
        >>> document_log_probs(uniform, [[3, 1, 4], [1]], end_of_text_id=0).exp() * 8**4
        tensor([ 1.0000, 64.0000], dtype=torch.float64)
    """
    if not documents:
        raise ValueError("documents is empty: there is nothing to score")
    device = next(model.parameters()).device
    totals = torch.zeros(len(documents), dtype=torch.float64)
    by_length = sorted(range(len(documents)), key=lambda number: len(documents[number]))
    for first in range(0, len(documents), batch_size):
        numbers = by_length[first : first + batch_size]
        rows = [torch.tensor([end_of_text_id, *documents[number], end_of_text_id]) for number in numbers]
        rows_BT = nn.utils.rnn.pad_sequence(rows, batch_first=True, padding_value=IGNORE_ID)
        targets = rows_BT[:, 1:].to(device)
        inputs = rows_BT[:, :-1].clamp(min=0).to(device)  # what comes after the end changes nothing before it
        totals[numbers] = target_log_probs(model(inputs), targets).double().sum(dim=-1).cpu()
    return totals
