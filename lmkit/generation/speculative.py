"""Speculative decoding: a small model guesses ahead, and a large one checks many guesses in one pass."""

from typing import Any

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from lmkit.functional import softmax


def accept_drafts(
    drafts: Int[Tensor, " N"],
    draft_probs: Float[Tensor, "N V"],
    target_probs: Float[Tensor, "N_plus_one V"],
    generator: torch.Generator,
) -> Int[Tensor, " M"]:
    r"""Turn tokens drawn from $q$ into tokens distributed as if drawn from $p$.

    A draft $x$ is accepted with probability $\min(1, p(x) / q(x))$. At the first that is not, a token is drawn from
    what $p$ has more of than $q$, $\max(p - q, 0)$ made to sum to one, and the later drafts are lost. In all

    $$P(x) = \min(q(x), p(x)) + \Big(1 - \sum_y \min(q(y), p(y))\Big)
    \frac{\max(p(x) - q(x), 0)}{\sum_y \max(p(y) - q(y), 0)} = p(x)$$

    since the two factors in the middle are equal. If all drafts are accepted, one more token is drawn from $p$.

    Args:
        drafts: Tokens drawn from the draft model, one after the other.
        draft_probs: The distribution $q$ that each was drawn from.
        target_probs: The distribution $p$ of the large model at the same positions, and at the one after.
        generator: Source of randomness.

    Returns:
        At least one token, at most one more than the drafts.

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
    r"""Continue a prompt with exactly the large model's distribution, in fewer of its passes.

    If a draft is accepted with probability $\beta$, a pass of the large model yields $(1 - \beta^{N+1}) / (1 - \beta)$
    tokens on average.

    Args:
        model: The large model, with ``make_cache``.
        draft_model: A small model with the same vocabulary.
        prompt_ids: One prompt: rows would accept different numbers of drafts.
        max_new_tokens: How many tokens to write at most.
        generator: Source of randomness.
        num_drafts: How many tokens the small model guesses at a time, $N$.
        temperature: Of both models' distributions.
        stop_id: The token that ends the text.

    Returns:
        The prompt and what was written after it.

    Raises:
        ValueError: If there is not at least one draft.

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
    """A model with its cache, which follows a text that may be truncated."""

    def __init__(self, model: Any, max_length: int, temperature: float) -> None:
        self.model, self.temperature = model, temperature
        self.cache = model.make_cache(1, max_length)

    def next_probs(self, text: Int[Tensor, "1 T"], num_last: int) -> Float[Tensor, "N V"]:
        """Distributions of the tokens after each of the last positions of a text."""
        hidden = self.model.hidden(text[:, self.cache.length :], cache=self.cache)
        logits = self.model.unembedding(hidden[0, -num_last:])
        return softmax(logits.to(torch.promote_types(logits.dtype, torch.float32)), self.temperature)

    def forget(self, length: int) -> None:
        """Forget what was read after so many tokens."""
        self.cache.truncate(length)
