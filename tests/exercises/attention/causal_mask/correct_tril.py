# approach: a full block with the upper triangle cut off
import torch


def causal_mask(num_queries, num_keys):
    return torch.ones(num_queries, num_keys, dtype=torch.bool).tril(diagonal=num_keys - num_queries)
