"""Metrics for search: how high the relevant documents are ranked."""

from collections.abc import Collection, Hashable, Sequence


def recall_at_k(
    rankings: Sequence[Sequence[Hashable]], relevant: Sequence[Collection[Hashable]], k: int
) -> list[float]:
    """Share of a query's relevant documents that are among the first k results.

    Args:
        rankings: The ids of the documents found for each query, best first.
        relevant: The ids of each query's relevant documents.
        k: Number of ranks that count.

    Returns:
        Between 0 and 1 per query. Their mean is recall at k.

    Raises:
        ValueError: If there is no query, the lengths differ, a query has no relevant document, or k is less than 1.

    Example:
        >>> recall_at_k([[7, 3, 5], [2, 8, 9]], relevant=[{3}, {9, 4}], k=2)
        [1.0, 0.0]
    """
    _check_queries(rankings, relevant)
    if k < 1:
        raise ValueError(f"k={k} must be at least 1")
    return [
        len(set(ranking[:k]) & set(wanted)) / len(set(wanted))
        for ranking, wanted in zip(rankings, relevant, strict=True)
    ]


def reciprocal_ranks(rankings: Sequence[Sequence[Hashable]], relevant: Sequence[Collection[Hashable]]) -> list[float]:
    """One over the rank of a query's first relevant document, counted from 1; 0 if none was found.

    Args:
        rankings: The ids of the documents found for each query, best first.
        relevant: The ids of each query's relevant documents.

    Returns:
        Between 0 and 1 per query. Their mean is the mean reciprocal rank (MRR).

    Raises:
        ValueError: If there is no query, the lengths differ, or a query has no relevant document.

    Source:
        Voorhees (1999).

    Example:
        >>> reciprocal_ranks([[7, 3, 5], [2, 8, 9]], relevant=[{3}, {4}])
        [0.5, 0.0]
    """
    _check_queries(rankings, relevant)
    return [
        next((1 / rank for rank, document in enumerate(ranking, start=1) if document in wanted), 0.0)
        for ranking, wanted in zip(rankings, relevant, strict=True)
    ]


def _check_queries(rankings: Sequence[object], relevant: Sequence[Collection[Hashable]]) -> None:
    if len(rankings) != len(relevant):
        raise ValueError(f"rankings has {len(rankings)} queries and relevant {len(relevant)}; give one for each")
    if not rankings:
        raise ValueError("rankings is empty: there is nothing to score")
    for number, wanted in enumerate(relevant):
        if not wanted:
            raise ValueError(f"relevant[{number}] is empty: there is nothing to find")
