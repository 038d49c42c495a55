"""Speculative decoding: a small model drafts tokens, and a large one checks several of them in one forward pass."""

from typing import Any

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from lmkit.functional import softmax
from lmkit.generation.choosing import require_prompt


def accept_drafts(
    drafts: Int[Tensor, " N"],
    draft_probs: Float[Tensor, "N V"],
    target_probs: Float[Tensor, "N_plus_one V"],
    generator: torch.Generator,
) -> Int[Tensor, " M"]:
    r"""Turn tokens sampled from $q$ into tokens distributed as if sampled from $p$.

    A draft $x$ is accepted with probability $\min(1, p(x) / q(x))$. At the first rejection, a token is sampled from
    $\max(p - q, 0)$, normalised, and the later drafts are discarded. The resulting distribution is $p$:

    $$P(x) = \min(q(x), p(x)) + \Big(1 - \sum_y \min(q(y), p(y))\Big)
    \frac{\max(p(x) - q(x), 0)}{\sum_y \max(p(y) - q(y), 0)} = p(x)$$

    because the bracket equals the denominator. If all drafts are accepted, one more token is sampled from $p$.

    Args:
        drafts: Consecutive tokens sampled from the draft model.
        draft_probs: The distribution $q$ that each was sampled from.
        target_probs: The large model's distribution $p$ at the same positions and at the next one.
        generator: Source of randomness.

    Returns:
        The accepted drafts and one more token.

    Source:
        Leviathan et al. (2023), algorithm 1 and appendix A.1.

    Example:
        >>> half = torch.full((2, 2), 0.5)
        >>> accept_drafts(torch.tensor([1]), half[:1], half, torch.Generator().manual_seed(0))[0]  # p = q: kept
        tensor(1)
    """
    num_drafts = len(drafts)
    columns = drafts.unsqueeze(-1)
    ratio = (target_probs[:num_drafts].gather(1, columns) / draft_probs.gather(1, columns)).squeeze(-1)
    accepted = torch.rand(num_drafts, generator=generator, device=drafts.device, dtype=ratio.dtype) < ratio
    num_accepted = int(accepted.cumprod(dim=0).sum())
    remaining = target_probs[num_accepted]
    if num_accepted < num_drafts:
        remaining = (remaining - draft_probs[num_accepted]).clamp(min=0)
    last = torch.multinomial(remaining, 1, generator=generator)
    return torch.cat([drafts[:num_accepted], last])


@torch.inference_mode()
def generate_speculatively(
    model: nn.Module,
    draft_model: nn.Module,
    prompt_ids: Int[Tensor, "1 T"],
    *,
    max_new_tokens: int,
    generator: torch.Generator,
    num_drafts: int = 4,
    temperature: float = 1.0,
    stop_id: int | None = None,
) -> Int[Tensor, "1 U"]:
    r"""Continue a prompt with exactly the large model's distribution, in fewer forward passes of it.

    If each draft is accepted with probability $\beta$, independently, a pass of the large model yields
    $(1 - \beta^{N+1}) / (1 - \beta)$ tokens on average.

    Args:
        model: The large model, with ``make_cache``.
        draft_model: A small model with the same vocabulary.
        prompt_ids: One prompt; several rows would accept different numbers of drafts.
        max_new_tokens: Maximum number of tokens to generate.
        generator: Source of randomness.
        num_drafts: $N$, how many tokens the small model drafts at a time.
        temperature: Temperature of both distributions.
        stop_id: The token that ends the text.

    Returns:
        The prompt and its continuation.

    Raises:
        ValueError: If ``num_drafts`` is less than 1, ``max_new_tokens`` is negative, the temperature is not positive,
            the prompt has no tokens, or the text exceeds the ``context_length`` of either model.

    Source:
        Leviathan et al. (2023), section 2.

    Example:
        >>> from lmkit.models import GPT, GPTConfig
        >>> sizes = {"vocab_size": 9, "context_length": 8, "num_layers": 1, "num_heads": 1}
        >>> model, draft_model = GPT(GPTConfig(d_model=16, **sizes)).eval(), GPT(GPTConfig(d_model=4, **sizes)).eval()
        >>> generator = torch.Generator().manual_seed(0)
        >>> prompt_ids = torch.tensor([[3, 1]])
        >>> generate_speculatively(model, draft_model, prompt_ids, max_new_tokens=6, generator=generator).shape
        torch.Size([1, 8])
    """
    if num_drafts < 1:
        raise ValueError(f"num_drafts={num_drafts} must be at least 1")
    if max_new_tokens < 0:
        raise ValueError(f"max_new_tokens={max_new_tokens} must be at least 0")
    require_prompt(prompt_ids)
    text = prompt_ids
    end = prompt_ids.shape[1] + max_new_tokens
    target, draft = _Predictor(model, end, temperature), _Predictor(draft_model, end, temperature)
    while text.shape[1] < end:
        num_known = text.shape[1]
        drafted, draft_probs = text, []
        for _ in range(min(num_drafts, end - num_known - 1)):
            draft_probs.append(draft.next_probs(drafted, 1))
            drafted = torch.cat([drafted, torch.multinomial(draft_probs[-1], 1, generator=generator)], dim=1)
        drafts = drafted[0, num_known:]
        target_probs = target.next_probs(drafted, len(drafts) + 1)
        if draft_probs:
            new_ids = accept_drafts(drafts, torch.cat(draft_probs), target_probs, generator)
        else:
            new_ids = torch.multinomial(target_probs[0], 1, generator=generator)
        if stop_id is not None and (new_ids == stop_id).any():
            new_ids = new_ids[: int((new_ids == stop_id).int().argmax()) + 1]
            return torch.cat([text, new_ids.unsqueeze(0)], dim=1)
        text = torch.cat([text, new_ids.unsqueeze(0)], dim=1)
        for predictor in (target, draft):
            predictor.forget(text.shape[1] - 1)
    return text


class _Predictor:
    """A model and its cache, for a text that grows and may be truncated."""

    def __init__(self, model: Any, max_length: int, temperature: float) -> None:
        self.model, self.temperature = model, temperature
        self.cache = model.make_cache(1, max_length)

    def next_probs(self, text: Int[Tensor, "1 T"], num_last: int) -> Float[Tensor, "N V"]:
        """Distributions of the next token at each of the last ``num_last`` positions."""
        hidden = self.model.hidden(text[:, self.cache.length :], cache=self.cache)
        logits = self.model.unembedding(hidden[0, -num_last:])
        return softmax(logits, self.temperature)

    def forget(self, length: int) -> None:
        """Drop everything after the first ``length`` tokens."""
        self.cache.truncate(length)
