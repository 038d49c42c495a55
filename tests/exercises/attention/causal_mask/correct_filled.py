# approach: rows filled one by one
import torch


def causal_mask(num_queries, num_keys):
    mask = torch.zeros((num_queries, num_keys), dtype=bool)
    for row in range(num_queries):
        mask[row, : num_keys - num_queries + row + 1] = True
    return mask
