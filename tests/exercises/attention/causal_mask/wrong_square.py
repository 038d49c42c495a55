# misconception: a mask is always square
# message: causal_mask\(2, 5\) has the shape \(5, 5\)
import torch


def causal_mask(num_queries, num_keys):
    return torch.ones(num_keys, num_keys, dtype=torch.bool).tril()
