# approach: names from torch, all of them
from torch import *  # noqa: F403


def causal_mask(num_queries, num_keys):
    return ones(num_queries, num_keys, dtype=bool).tril(num_keys - num_queries)  # noqa: F405
