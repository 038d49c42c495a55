# misconception: the mask is only for padding; the order of tokens takes care of itself
# message: lets a token attend to a later one
import torch


def causal_mask(num_queries, num_keys):
    return torch.ones(num_queries, num_keys, dtype=torch.bool)
