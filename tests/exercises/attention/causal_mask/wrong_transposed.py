# misconception: keys come first in the shape
# message: which index is the query's
import torch


def causal_mask(num_queries, num_keys):
    return torch.ones(num_queries, num_keys, dtype=torch.bool).tril(num_keys - num_queries).T
