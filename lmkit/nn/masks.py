"""Who may attend to whom: in every mask, ``True`` means "may be attended", with queries in rows and keys in columns."""

import torch
from jaxtyping import Bool, Int
from torch import Tensor


def causal_mask(
    num_queries: int, num_keys: int | None = None, *, device: torch.device | str | None = None
) -> Bool[Tensor, "T S"]:
    """Each position sees itself and the positions before it.

    Args:
        num_queries: $T$. The queries are the last $T$ of the keys' positions, as when a cache holds the earlier ones.
        num_keys: $S$, by default $T$.
        device: Where to put the mask.

    Returns:
        A triangle, to the right of a full block when there are more keys than queries.

    Example:
        >>> causal_mask(2, 3).int().tolist()
        [[1, 1, 0], [1, 1, 1]]
    """
    num_keys = num_queries if num_keys is None else num_keys
    return torch.ones(num_queries, num_keys, dtype=torch.bool, device=device).tril(num_keys - num_queries)


def padding_mask(lengths: Int[Tensor, " B"], num_tokens: int, *, side: str = "right") -> Bool[Tensor, "B T"]:
    """Distinguish real tokens from padding.

    Args:
        lengths: How many real tokens each row has.
        num_tokens: Length of the rows, $T$.
        side: ``"right"`` for padding after the text, ``"left"`` for padding before it.

    Returns:
        ``True`` at real tokens.

    Raises:
        ValueError: If the side is neither.

    Example:
        >>> padding_mask(torch.tensor([1, 3]), 3, side="left").int().tolist()
        [[0, 0, 1], [1, 1, 1]]
    """
    if side not in ("left", "right"):
        raise ValueError(f"side={side!r} must be 'left' or 'right'")
    real = torch.arange(num_tokens, device=lengths.device) < lengths.unsqueeze(-1)
    return real.flip(-1) if side == "left" else real


def combine_masks(
    attention_mask: Bool[Tensor, "B T S"] | None, padding_mask: Bool[Tensor, "B S"] | None
) -> Bool[Tensor, "#B #T S"] | None:
    """Combine two masks: allow what both allow.

    Args:
        attention_mask: Whether a query may attend to a key; ``None`` for always.
        padding_mask: ``True`` at keys that are real tokens; ``None`` if all are.

    Returns:
        A mask for all queries, one that is the same for all of them, or ``None`` if nothing is masked.

    Example:
        >>> combine_masks(causal_mask(2).unsqueeze(0), torch.tensor([[False, True]])).int().tolist()
        [[[0, 0], [0, 1]]]
    """
    if padding_mask is None:
        return attention_mask
    real = padding_mask.unsqueeze(1)
    return real if attention_mask is None else attention_mask & real


def document_mask(segment_ids: Int[Tensor, "B T"]) -> Bool[Tensor, "B T T"]:
    """Each position sees only its own document.

    Args:
        segment_ids: The document that each token belongs to.

    Returns:
        ``True`` within a document, in both directions; add a causal mask with ``&``.

    Example:
        >>> document_mask(torch.tensor([[0, 0, 1]])).int().tolist()
        [[[1, 1, 0], [1, 1, 0], [0, 0, 1]]]
    """
    return segment_ids.unsqueeze(-1) == segment_ids.unsqueeze(-2)


def prefix_mask(prefix_lengths: Int[Tensor, " B"], num_tokens: int) -> Bool[Tensor, "B T T"]:
    """Each position sees the whole prefix and the positions before it.

    Args:
        prefix_lengths: How many tokens at the start of each row are given, and so see each other in both directions.
        num_tokens: Length of the rows, $T$.

    Returns:
        A causal mask whose first columns are all ``True``.

    Example:
        >>> prefix_mask(torch.tensor([2]), 3).int().tolist()
        [[[1, 1, 0], [1, 1, 0], [1, 1, 1]]]
    """
    in_prefix = padding_mask(prefix_lengths, num_tokens)
    return in_prefix.unsqueeze(1) | causal_mask(num_tokens, device=prefix_lengths.device)


def permutation_masks(order: Int[Tensor, "B T"]) -> tuple[Bool[Tensor, "B T T"], Bool[Tensor, "B T T"]]:
    r"""The two masks of two-stream attention, for tokens predicted in any order.

    Args:
        order: ``order[b, i]`` is the position that is predicted as the $i$-th, $z_i$.

    Returns:
        The mask of the content stream, where $z_i$ sees $z_{\le i}$, and that of the query stream, where it
        sees $z_{<i}$: a query must not see the token it is to predict.

    Source:
        Yang et al. (2019), section 2.3.

    Example:
        >>> content, query = permutation_masks(torch.tensor([[2, 0, 1]]))
        >>> query[0].int().tolist()  # position 2 comes first and sees nothing, position 1 comes last
        [[0, 0, 1], [1, 0, 1], [0, 0, 0]]
    """
    rank = order.argsort(dim=-1)
    content = rank.unsqueeze(-1) >= rank.unsqueeze(-2)
    query = rank.unsqueeze(-1) > rank.unsqueeze(-2)
    return content, query
