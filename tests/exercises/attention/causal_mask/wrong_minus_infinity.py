# misconception: a mask is what is added to the scores
# message: holds torch.float32, not booleans
import torch


def causal_mask(num_queries, num_keys):
    return torch.full((num_queries, num_keys), float("-inf")).triu(num_keys - num_queries + 1)
