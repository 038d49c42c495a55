"""Contrastive search: choose a probable token whose hidden state differs from those before it."""

from typing import Any

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn import functional as F

from lmkit.functional import softmax
from lmkit.generation.choosing import require_prompt
from lmkit.generation.generate import Stop


@torch.inference_mode()
def contrastive_search(
    model: nn.Module,
    prompt_ids: Int[Tensor, "B T"],
    *,
    max_new_tokens: int,
    k: int = 4,
    alpha: float = 0.6,
    stop: Stop | None = None,
) -> Int[Tensor, "B U"]:
    r"""Continue prompts with tokens that are probable and do not repeat the text.

    $$x_t = \arg\max_{v \in \text{top } k} (1 - \alpha)\, p(v \mid x_{<t}) - \alpha \max_{j < t} \cos(h_v, h_{x_j})$$

    Unlike :func:`top_k` and the other functions that choose from logits, it has to run the model on each candidate,
    to get the candidate's hidden state $h_v$.

    Args:
        model: A model with ``hidden``, ``unembedding`` and ``make_cache``.
        prompt_ids: Prompts of equal length.
        max_new_tokens: Maximum number of tokens to generate.
        k: Number of candidates.
        alpha: Weight of the penalty, from 0 (greedy search) to 1.
        stop: Decides which rows are finished. A finished row repeats its last token until all rows are finished.

    Returns:
        The prompts and their continuations.

    Raises:
        ValueError: If ``k`` is less than 1 or more than the vocabulary size, ``alpha`` is not in [0, 1],
            ``max_new_tokens`` is negative, the prompts have no tokens, or prompt and new tokens exceed the model's
            ``context_length``.

    Source:
        Su et al. (2022), equation 5.

    Example:
        >>> from lmkit.models import GPT, GPTConfig
        >>> model = GPT(GPTConfig(vocab_size=9, context_length=8, d_model=8, num_layers=1, num_heads=1)).eval()
        >>> contrastive_search(model, torch.tensor([[3, 1, 4]]), max_new_tokens=5).shape
        torch.Size([1, 8])
    """
    if k < 1:
        raise ValueError(f"k={k} must be at least 1")
    if not 0 <= alpha <= 1:
        raise ValueError(f"alpha={alpha} must be between 0 and 1")
    if max_new_tokens < 0:
        raise ValueError(f"max_new_tokens={max_new_tokens} must be at least 0")
    require_prompt(prompt_ids)
    decoder: Any = model
    batch_size, prompt_length = prompt_ids.shape
    # The k candidates of a row are consecutive rows of the cache.
    cache = decoder.make_cache(batch_size * k, prompt_length + max_new_tokens)
    first_rows = torch.arange(batch_size, device=prompt_ids.device) * k
    text = prompt_ids
    finished = torch.zeros(batch_size, 1, dtype=torch.bool, device=prompt_ids.device)
    hidden = decoder.hidden(prompt_ids.repeat_interleave(k, dim=0), cache=cache)[first_rows]
    for _ in range(max_new_tokens):
        logits = decoder.unembedding(hidden[:, -1])
        if k > logits.shape[-1]:
            raise ValueError(f"k={k} must be at most the vocabulary size, {logits.shape[-1]}")
        probs_BC, candidates_BC = softmax(logits).topk(k)
        candidate_hidden = decoder.hidden(candidates_BC.reshape(-1, 1), cache=cache).view(batch_size, k, -1)
        scores_BC = (1 - alpha) * probs_BC - alpha * _largest_similarity(candidate_hidden, hidden)
        chosen = scores_BC.argmax(dim=-1, keepdim=True)
        next_ids = torch.where(finished, text[:, -1:], candidates_BC.gather(1, chosen))
        text = torch.cat([text, next_ids], dim=1)
        if stop is not None:
            finished = finished | stop(text[:, prompt_length:]).unsqueeze(1)
            if finished.all():
                break
        rows = first_rows + chosen.squeeze(1)
        cache.select_rows(rows.repeat_interleave(k))
        hidden = torch.cat([hidden, candidate_hidden.flatten(0, 1)[rows].unsqueeze(1)], dim=1)
    return text


def _largest_similarity(candidates: Float[Tensor, "B C D"], past: Float[Tensor, "B T D"]) -> Float[Tensor, "B C"]:
    """The largest cosine similarity between a candidate's hidden state and any earlier one."""
    return (F.normalize(candidates, dim=-1) @ F.normalize(past, dim=-1).transpose(1, 2)).amax(dim=-1)
