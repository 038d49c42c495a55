# misconception: the softmax is over the queries, of which there is only one
# message: the weights do not sum to 1: over which axis
import torch


def attend_with_cache(query, key, value, cached_keys, cached_values):
    keys, values = torch.cat([cached_keys, key], dim=2), torch.cat([cached_values, value], dim=2)
    return (query @ keys.mT / key.shape[-1] ** 0.5).softmax(-2) @ values, keys, values
