# misconception: query i stands at position i, also when there are more keys
# message: hides an earlier token: at which positions do the queries stand
import torch


def causal_mask(num_queries, num_keys):
    return torch.ones(num_queries, num_keys, dtype=torch.bool).tril()
