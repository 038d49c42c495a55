"""Tokens that pre-training never showed: find them, and give each a vector of its own again.

A tokenizer is learnt from more kinds of text than a model may see. The loss pushes the logits of all tokens that never
come down together, so their rows of the unembedding become one and the same vector. Where that matrix is the embedding
too, the model cannot tell such tokens apart when a new task brings them, and what leaves the embedding alone, as LoRA
does, can never learn to.
"""

from collections.abc import Sequence

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional as F


def untrained_tokens(
    embedding: Float[Tensor, "V D"], never_seen: Sequence[int], *, similarity: float = 0.9
) -> Int[Tensor, " N"]:
    """Find the tokens whose vectors are like those of tokens that are known never to have come.

    Args:
        embedding: The matrix of a model whose unembedding is the same, or the unembedding itself.
        never_seen: Ids of tokens that were in no text, such as the bytes of control characters.
        similarity: From which cosine with the mean of those tokens on a token counts as untrained too.

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
        raise ValueError("never_seen is empty: there is no token to compare the others with")
    if not 0 < similarity <= 1:
        raise ValueError(f"similarity={similarity} must be greater than 0 and at most 1")
    reference = embedding.detach()[list(never_seen)].mean(dim=0, keepdim=True)
    return (F.cosine_similarity(embedding.detach(), reference, dim=-1) >= similarity).nonzero().squeeze(1)


@torch.no_grad()
def renew_embeddings(embedding: Float[Tensor, "V D"], token_ids: Int[Tensor, " N"], *, seed: int) -> None:
    """Give tokens random vectors, about as long as those of all other tokens.

    Args:
        embedding: Changed in place.
        token_ids: Which tokens; there must be others.
        seed: Of the random numbers.

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
        raise ValueError(f"token_ids are all {len(embedding)} tokens: none is left to tell how long vectors are")
    size = embedding[is_kept].square().mean().sqrt()
    start = torch.randn(len(token_ids), embedding.shape[1], generator=torch.Generator().manual_seed(seed))
    embedding[token_ids] = start.to(embedding) * size
