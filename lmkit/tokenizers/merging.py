"""The inner loop of byte-pair encoding: apply merges to a list of token ids."""

from collections.abc import Mapping
from heapq import heapify, heappop, heappush
from itertools import pairwise
from typing import Any


def apply_merges(token_ids: list[int], ranked_merges: Mapping[tuple[int, int], tuple[int, int]]) -> list[int]:
    r"""Merge the pair of lowest rank, leftmost first, until no pair can be merged.

    The tokens form a linked list, and a heap holds every pair that can be merged, so $n$ tokens take
    $O(n \log n)$ steps.

    Args:
        token_ids: Tokens to start from.
        ranked_merges: The rank of each pair that can be merged, and the token it produces.

    Returns:
        The tokens that remain.
    """
    end = len(token_ids)
    tokens = [*token_ids, -1]  # -1 means no token: the end, or a token merged into its left neighbour
    before, after = list(range(-1, end)), list(range(1, end + 2))
    heap = [(*ranked_merges[pair], left) for left, pair in enumerate(pairwise(token_ids)) if pair in ranked_merges]
    heapify(heap)
    while heap:
        rank, merged, left = heappop(heap)
        right = after[left]
        if ranked_merges.get((tokens[left], tokens[right])) != (rank, merged):
            continue  # one of the two has since been merged with another token
        tokens[left], tokens[right] = merged, -1
        after[left] = after[right]
        before[after[left]] = left
        for position in (before[left], left):
            if position >= 0 and (pair := (tokens[position], tokens[after[position]])) in ranked_merges:
                heappush(heap, (*ranked_merges[pair], position))
    return [token for token in tokens if token >= 0]


def read_merges(model: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Read the merges of a ``tokenizer.json``.

    Args:
        model: Its ``model``. Older files write a merge as one string with a space between the two tokens.

    Returns:
        The pairs in order.

    Raises:
        ValueError: If a merge is not a pair.

    Example:
        >>> read_merges({"merges": ["a b", ["ab", "c"]]})
        [('a', 'b'), ('ab', 'c')]
    """
    merges = [merge.split(" ") if isinstance(merge, str) else merge for merge in model["merges"]]
    for merge in merges:
        if len(merge) != 2:
            raise ValueError(f"merge {merge} is not a pair")
    return [(left, right) for left, right in merges]
