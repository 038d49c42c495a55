# approach: names from torch, all of them
from torch import *  # noqa: F403


def top_p_filter(probabilities, p):
    order = argsort(probabilities, descending=True)  # noqa: F405
    before = cat([zeros(1), cumsum(probabilities[order], 0)[:-1]])  # noqa: F405
    kept = zeros_like(probabilities)  # noqa: F405
    kept[order[before < p]] = probabilities[order[before < p]]
    return kept / kept.sum()
