# misconception: a token sees only what comes before it, not itself
# message: does not let every token attend to itself
import torch


def causal_mask(num_queries, num_keys):
    return torch.ones(num_queries, num_keys, dtype=torch.bool).tril(num_keys - num_queries - 1)
