# misconception: 0 and 1 are truth values
# message: holds torch.int64, not booleans
import torch


def causal_mask(num_queries, num_keys):
    return torch.ones(num_queries, num_keys, dtype=torch.int64).tril(num_keys - num_queries)
