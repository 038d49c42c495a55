# misconception: the mask depends on the number of keys only, and can be kept
# message: causal_mask\(\d, \d\) (is wrong|has the shape)
import torch

masks = {}


def causal_mask(num_queries, num_keys):
    if num_keys not in masks:
        masks[num_keys] = torch.ones(num_queries, num_keys, dtype=torch.bool).tril(num_keys - num_queries)
    return masks[num_keys]
