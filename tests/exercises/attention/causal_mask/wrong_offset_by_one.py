# misconception: with fewer queries than keys, the queries come after all keys but one more
# message: lets a query see the future|does not let a query attend to its own position
import torch


def causal_mask(num_queries, num_keys):
    start = max(num_keys - num_queries - 1, 0)
    return torch.arange(num_keys) <= (start + torch.arange(num_queries)).unsqueeze(1)
