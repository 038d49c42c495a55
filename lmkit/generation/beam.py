"""Beam search: keep the few most probable texts, and continue them all."""

from dataclasses import dataclass, field
from typing import Any

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from lmkit.functional import log_softmax


@dataclass(frozen=True)
class Hypothesis:
    """A finished text of beam search.

    Args:
        score: Its log-probability, normalised by its length; nats.
        new_ids: What was written after the prompt, with the stop token if it ended by one.

    Example:
        >>> max([Hypothesis(-1.5, [3, 1]), Hypothesis(-0.7, [4])], key=lambda text: text.score).new_ids
        [4]
    """

    score: float
    new_ids: list[int]


@dataclass
class _Finished:
    """The best finished texts of one row, as many as there are beams."""

    size: int
    length_penalty: float
    best: list[Hypothesis] = field(default_factory=list)

    def normalise(self, log_prob: float, length: int) -> float:
        return log_prob / length**self.length_penalty

    def add(self, log_prob: float, new_ids: list[int]) -> None:
        hypothesis = Hypothesis(self.normalise(log_prob, len(new_ids)), new_ids)
        self.best = sorted([*self.best, hypothesis], key=lambda each: -each.score)[: self.size]

    def is_closed(self, best_log_prob: float, length: int) -> bool:
        """Whether no unfinished text could do better if it ended now."""
        return len(self.best) == self.size and self.normalise(best_log_prob, length) <= self.best[-1].score


@torch.inference_mode()
def beam_search(
    model: nn.Module,
    prompt_ids: Int[Tensor, "B T"],
    *,
    max_new_tokens: int,
    num_beams: int,
    length_penalty: float = 1.0,
    stop_id: int | None = None,
    padding_mask: Bool[Tensor, "B T"] | None = None,
    **model_inputs: Any,
) -> list[list[Hypothesis]]:
    r"""Search for the text $y$ with the largest $\log p(y \mid \text{prompt}) / |y|^\alpha$.

    The most probable text is not found by choosing the most probable token each time, and there are too many to
    try them all. At each step the beams of a row are continued by every token, and the best continuations are the
    next beams. A row is done when it has as many finished texts as beams, and its best beam, if it ended now,
    would not be among them.

    Args:
        model: A model with ``hidden``, ``unembedding`` and ``make_cache``.
        prompt_ids: The prompts, padded on the left.
        max_new_tokens: How many tokens to write at most.
        num_beams: How many texts of each row are kept; 1 is greedy search.
        length_penalty: $\alpha$. At 0 each token costs, which favours short texts; at 1 it is the mean that counts.
        stop_id: The token that ends a text.
        padding_mask: ``True`` at the prompts' real tokens.
        model_inputs: What else the model needs, such as the ``source_ids`` of an encoder-decoder, for each prompt.

    Returns:
        For each row its finished texts, best first, ``num_beams`` of them, or fewer in a tiny vocabulary.

    Raises:
        ValueError: If there is not at least one beam and one token.

    Source:
        Graves (2012), algorithm 1, by steps of equal length; the normalisation as in Wu et al. (2016), section 7,
        with $|y|^\alpha$ for their shifted power.

    Example:
        >>> from lmkit.models import GPT, GPTConfig
        >>> model = GPT(GPTConfig(vocab_size=9, context_length=8, d_model=8, num_layers=1, num_heads=1)).eval()
        >>> texts = beam_search(model, torch.tensor([[3, 1, 4]]), max_new_tokens=4, num_beams=3)[0]
        >>> len(texts), texts[0].score >= texts[1].score >= texts[2].score
        (3, True)
    """
    if num_beams < 1 or max_new_tokens < 1:
        raise ValueError(f"num_beams={num_beams} and max_new_tokens={max_new_tokens} must be at least 1")
    decoder: Any = model
    batch_size, prompt_length = prompt_ids.shape
    device = prompt_ids.device

    # The beams of a row are below each other: all tensors below have B x num_beams rows.
    model_inputs = {name: _repeat(value, num_beams) for name, value in model_inputs.items()}
    masks = {} if padding_mask is None else {"padding_mask": _repeat(padding_mask, num_beams)}
    cache = decoder.make_cache(batch_size * num_beams, prompt_length + max_new_tokens - 1)
    hidden = decoder.hidden(_repeat(prompt_ids, num_beams), cache=cache, **masks, **model_inputs)
    written = prompt_ids.new_empty(batch_size, num_beams, 0)
    log_probs = torch.full((batch_size, num_beams), -torch.inf, device=device)
    log_probs[:, 0] = 0  # at first all beams are the same, and one of them is enough
    finished = [_Finished(num_beams, length_penalty) for _ in range(batch_size)]
    closed = [False] * batch_size

    for length in range(1, max_new_tokens + 1):
        logits = decoder.unembedding(hidden[:, -1])
        log_probs, beams, tokens = _best_continuations(log_probs, logits, num_beams)
        written = torch.cat([_select(written, beams), tokens.unsqueeze(-1)], dim=-1)
        is_end = tokens == stop_id if stop_id is not None else torch.zeros_like(tokens, dtype=torch.bool)
        _finish(finished, closed, written, log_probs, is_end | (length == max_new_tokens), num_beams)

        # Of 2 x num_beams continuations at most num_beams end, one for each beam.
        going_on = is_end.int().argsort(dim=-1, stable=True)[:, :num_beams]
        log_probs, beams, written = log_probs.gather(1, going_on), beams.gather(1, going_on), _select(written, going_on)
        for row, texts in enumerate(finished):
            closed[row] = closed[row] or texts.is_closed(log_probs[row, 0].item(), length)
        if all(closed) or length == max_new_tokens:
            break
        cache.select_rows((beams + num_beams * torch.arange(batch_size, device=device).unsqueeze(-1)).flatten())
        hidden = decoder.hidden(written[:, :, -1].reshape(-1, 1), cache=cache, **model_inputs)
    return [texts.best for texts in finished]


def _best_continuations(
    log_probs: Float[Tensor, "B N"], logits: Float[Tensor, "BN V"], num_beams: int
) -> tuple[Tensor, Tensor, Tensor]:
    """The 2 x num_beams most probable continuations of each row: log-probabilities, which beam, which token."""
    vocab_size = logits.shape[-1]
    logits = logits.to(torch.promote_types(logits.dtype, torch.float32))
    all_BNV = log_probs.unsqueeze(-1) + log_softmax(logits).view(*log_probs.shape, vocab_size)
    best, index = all_BNV.flatten(1).topk(min(2 * num_beams, num_beams * vocab_size))
    return best, index // vocab_size, index % vocab_size


def _finish(
    finished: list[_Finished],
    closed: list[bool],
    written: Int[Tensor, "B C L"],
    log_probs: Float[Tensor, "B C"],
    is_end: Bool[Tensor, "B C"],
    num_beams: int,
) -> None:
    """Add the texts that have ended to those of their rows; only the ``num_beams`` best of the moment may end."""
    for row, column in is_end[:, :num_beams].nonzero().tolist():
        if not closed[row] and log_probs[row, column] > -torch.inf:
            finished[row].add(log_probs[row, column].item(), written[row, column].tolist())


def _repeat(value: Any, times: int) -> Any:
    return value.repeat_interleave(times, dim=0) if isinstance(value, Tensor) else value


def _select(written: Int[Tensor, "B C L"], columns: Int[Tensor, "B N"]) -> Int[Tensor, "B N L"]:
    return written.gather(1, columns.unsqueeze(-1).expand(-1, -1, written.shape[-1]))
