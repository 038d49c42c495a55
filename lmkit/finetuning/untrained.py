"""Tokens that never occurred in pre-training: find them, and give each its own vector again.

A tokenizer is often trained on more kinds of text than the model. Pre-training pushes the logits of all tokens that
never occur down together, so their rows of the unembedding become the same vector. If the embedding shares that matrix,
the model cannot tell such tokens apart when a new task uses them, and methods that freeze the embedding, such as LoRA,
can never learn to.
"""

from collections.abc import Sequence

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional as F


def untrained_tokens(
    embedding: Float[Tensor, "V D"], never_seen: Sequence[int], *, similarity: float = 0.9
) -> Int[Tensor, " N"]:
    """Find the tokens whose vectors are similar to those of tokens that are known to be unseen.

    Args:
        embedding: The unembedding, or the embedding that is tied to it.
        never_seen: Ids of tokens that were in no text, such as the bytes of control characters.
        similarity: The least cosine with the mean of those tokens from which a token counts as untrained too.

    Returns:
        Their ids, in order.

    Raises:
        ValueError: If there is no token to compare with, or the similarity is not a cosine greater than 0.

    Source:
        Land and Bartolo (2024), "Fishing for Magikarp", whose indicators are distances from the mean of unused tokens.

    Example:
        >>> untrained_tokens(torch.tensor([[1.0, 0.0], [0.9, 0.1], [0.0, 1.0], [-1.0, 0.0]]), never_seen=[0])
        tensor([0, 1])
    """
    if not never_seen:
        raise ValueError("never_seen is empty: it must hold at least one id to compare the others with")
    if not 0 < similarity <= 1:
        raise ValueError(f"similarity={similarity} must be greater than 0 and at most 1")
    reference = embedding.detach()[list(never_seen)].mean(dim=0, keepdim=True)
    return (F.cosine_similarity(embedding.detach(), reference, dim=-1) >= similarity).nonzero().squeeze(1)


@torch.no_grad()
def renew_embeddings(embedding: Float[Tensor, "V D"], token_ids: Int[Tensor, " N"], *, seed: int) -> None:
    """Give tokens new random vectors, of about the same length as those of the other tokens.

    Args:
        embedding: Changed in place.
        token_ids: Which tokens; not all of them.
        seed: Seed of the random vectors.

    Raises:
        ValueError: If no other token is left.

    Example:
        >>> embedding = torch.randn(6, 3, generator=torch.Generator().manual_seed(0))
        >>> before = embedding.clone()
        >>> renew_embeddings(embedding, torch.tensor([5]), seed=0)
        >>> (embedding != before).any(dim=1).tolist()
        [False, False, False, False, False, True]
    """
    is_kept = torch.ones(len(embedding), dtype=torch.bool, device=embedding.device)
    is_kept[token_ids] = False
    if not is_kept.any():
        raise ValueError(
            f"token_ids are all {len(embedding)} tokens: one must be left to set the length of new vectors"
        )
    size = embedding[is_kept].square().mean().sqrt()
    start = torch.randn(len(token_ids), embedding.shape[1], generator=torch.Generator().manual_seed(seed))
    embedding[token_ids] = start.to(embedding) * size
