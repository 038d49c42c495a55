# approach: nested lists
import torch


def causal_mask(num_queries, num_keys):
    first = num_keys - num_queries
    return torch.tensor([[j <= first + i for j in range(num_keys)] for i in range(num_queries)])
