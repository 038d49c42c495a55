"""Beam search: keep the few most probable texts at each step and extend all of them."""

from dataclasses import dataclass, field
from typing import Any

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from lmkit.functional import log_softmax
from lmkit.generation.choosing import require_prompt


@dataclass(frozen=True)
class Hypothesis:
    """A finished text found by beam search.

    Args:
        score: Log-probability in nats, normalised by the length.
        new_ids: The tokens after the prompt, including the stop token if the text ended with one.

    Example:
        >>> max([Hypothesis(-1.5, [3, 1]), Hypothesis(-0.7, [4])], key=lambda text: text.score).new_ids
        [4]
    """

    score: float
    new_ids: list[int]


@dataclass
class _Finished:
    """The best finished texts of one row, at most ``size`` of them."""

    size: int
    length_penalty: float
    best: list[Hypothesis] = field(default_factory=list)

    def normalise(self, log_prob: float, length: int) -> float:
        return log_prob / length**self.length_penalty

    def add(self, log_prob: float, new_ids: list[int]) -> None:
        hypothesis = Hypothesis(self.normalise(log_prob, len(new_ids)), new_ids)
        self.best = sorted([*self.best, hypothesis], key=lambda each: -each.score)[: self.size]

    def is_closed(self, best_log_prob: float, length: int) -> bool:
        """Whether the list is full and no unfinished text, ended now, would enter it."""
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

    Choosing the most probable token at each step does not find the most probable text, and there are too many texts
    to try them all. At each step, every beam of a row is extended by every token, and the best extensions become the
    next beams. A row is done when it has as many finished texts as beams and its best beam, ended now, would not be
    among them.

    Args:
        model: A model with ``hidden``, ``unembedding`` and ``make_cache``.
        prompt_ids: The prompts, padded on the left.
        max_new_tokens: Maximum number of tokens to generate.
        num_beams: How many texts are kept per row; 1 is greedy search.
        length_penalty: $\alpha$. 0 ranks by the total log-probability, which favours short texts; 1 ranks by the mean
            per token.
        stop_id: The token that ends a text.
        padding_mask: ``True`` at the prompts' real tokens.
        model_inputs: Further inputs of the model for each prompt, such as the ``source_ids`` of an encoder-decoder.

    Returns:
        The finished texts of each row, best first: ``num_beams`` of them, or fewer if the vocabulary is tiny.

    Raises:
        ValueError: If ``num_beams`` or ``max_new_tokens`` is less than 1, or the prompts have no tokens.

    Source:
        Graves (2012), algorithm 1, with all beams at the same length; the normalisation as in Wu et al. (2016),
        section 7, with $|y|^\alpha$ in place of their shifted power.

    Example:
        >>> from lmkit.models import GPT, GPTConfig
        >>> model = GPT(GPTConfig(vocab_size=9, context_length=8, d_model=8, num_layers=1, num_heads=1)).eval()
        >>> texts = beam_search(model, torch.tensor([[3, 1, 4]]), max_new_tokens=4, num_beams=3)[0]
        >>> len(texts), texts[0].score >= texts[1].score >= texts[2].score
        (3, True)
    """
    if num_beams < 1:
        raise ValueError(f"num_beams={num_beams} must be at least 1")
    if max_new_tokens < 1:
        raise ValueError(f"max_new_tokens={max_new_tokens} must be at least 1")
    require_prompt(prompt_ids)
    decoder: Any = model
    batch_size, prompt_length = prompt_ids.shape
    device = prompt_ids.device

    # The beams of a row are consecutive: the model's tensors have B x num_beams rows.
    model_inputs = {name: _repeat(value, num_beams) for name, value in model_inputs.items()}
    masks = {} if padding_mask is None else {"padding_mask": _repeat(padding_mask, num_beams)}
    cache = decoder.make_cache(batch_size * num_beams, prompt_length + max_new_tokens - 1)
    hidden = decoder.hidden(_repeat(prompt_ids, num_beams), cache=cache, **masks, **model_inputs)
    written = prompt_ids.new_empty(batch_size, num_beams, 0)
    log_probs = torch.full((batch_size, num_beams), -torch.inf, device=device)
    log_probs[:, 0] = 0  # at first all beams are equal, so only one of them counts
    finished = [_Finished(num_beams, length_penalty) for _ in range(batch_size)]
    closed = [False] * batch_size

    for length in range(1, max_new_tokens + 1):
        logits = decoder.unembedding(hidden[:, -1])
        log_probs, beams, tokens = _best_continuations(log_probs, logits, num_beams)
        written = torch.cat([_select(written, beams), tokens.unsqueeze(-1)], dim=-1)
        is_end = tokens == stop_id if stop_id is not None else torch.zeros_like(tokens, dtype=torch.bool)
        _finish(finished, closed, written, log_probs, is_end | (length == max_new_tokens), num_beams)

        # At most num_beams of the 2 x num_beams continuations end, one per beam, so num_beams are left.
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
    """Collect the texts that have ended; only the ``num_beams`` best of the current step may end."""
    for row, column in is_end[:, :num_beams].nonzero().tolist():
        if not closed[row] and log_probs[row, column] > -torch.inf:
            finished[row].add(log_probs[row, column].item(), written[row, column].tolist())


def _repeat(value: Any, times: int) -> Any:
    return value.repeat_interleave(times, dim=0) if isinstance(value, Tensor) else value


def _select(written: Int[Tensor, "B C L"], columns: Int[Tensor, "B N"]) -> Int[Tensor, "B N L"]:
    return written.gather(1, columns.unsqueeze(-1).expand(-1, -1, written.shape[-1]))
