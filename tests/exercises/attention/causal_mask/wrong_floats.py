# misconception: a mask of ones and zeros is a boolean mask
# message: holds torch.float32, not booleans
import torch


def causal_mask(num_queries, num_keys):
    return torch.ones(num_queries, num_keys).tril(num_keys - num_queries)
