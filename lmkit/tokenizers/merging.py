"""The inner loop of byte-pair encoding: apply merges to a list of token ids."""

from collections.abc import Mapping, Sequence
from heapq import heapify, heappop, heappush
from itertools import pairwise
from typing import Any

SHORT = 100
"""Up to this many tokens, looking at all pairs before each merge is faster than a heap."""


def apply_merges(token_ids: list[int], ranks: Mapping[tuple[int, int], int], merged_ids: Sequence[int]) -> list[int]:
    r"""Merge the pair of lowest rank, leftmost first, until no pair can be merged.

    Args:
        token_ids: Tokens to start from.
        ranks: The rank of each pair that can be merged.
        merged_ids: The token that each rank produces.

    Returns:
        The tokens that remain.

    Example:
        >>> apply_merges([1, 2, 3], {(2, 3): 0, (1, 2): 1}, [23, 12])
        [1, 23]
    """
    merge = _merge_short if len(token_ids) <= SHORT else _merge_long
    return merge(token_ids, ranks, merged_ids)


def _merge_short(token_ids: list[int], ranks: Mapping[tuple[int, int], int], merged_ids: Sequence[int]) -> list[int]:
    """Keep a list of the ranks of all neighbours, and take its minimum each time."""
    tokens, never = [*token_ids], len(merged_ids)
    neighbours = [ranks.get(pair, never) for pair in pairwise(tokens)]
    while neighbours and (rank := min(neighbours)) < never:
        left = neighbours.index(rank)
        tokens[left : left + 2] = [merged_ids[rank]]
        del neighbours[left]
        if left > 0:
            neighbours[left - 1] = ranks.get((tokens[left - 1], tokens[left]), never)
        if left < len(neighbours):
            neighbours[left] = ranks.get((tokens[left], tokens[left + 1]), never)
    return tokens


def _merge_long(token_ids: list[int], ranks: Mapping[tuple[int, int], int], merged_ids: Sequence[int]) -> list[int]:
    r"""Keep the tokens in a linked list and the pairs in a heap, so that $n$ tokens take $O(n \log n)$ steps."""
    end = len(token_ids)
    tokens = [*token_ids, -1]  # -1 means no token: the end, or a token merged into its left neighbour
    before, after = list(range(-1, end)), list(range(1, end + 2))
    heap = [(ranks[pair], left) for left, pair in enumerate(pairwise(token_ids)) if pair in ranks]
    heapify(heap)
    while heap:
        rank, left = heappop(heap)
        right = after[left]
        if ranks.get((tokens[left], tokens[right])) != rank:
            continue  # one of the two has since been merged with another token
        tokens[left], tokens[right] = merged_ids[rank], -1
        after[left] = after[right]
        before[after[left]] = left
        for position in (before[left], left):
            if position >= 0 and (pair := (tokens[position], tokens[after[position]])) in ranks:
                heappush(heap, (ranks[pair], position))
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
