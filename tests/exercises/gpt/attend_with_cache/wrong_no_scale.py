# misconception: the dot products are the scores
# message: attends to itself by 0.9820: the scores are not divided
import torch


def attend_with_cache(query, key, value, cached_keys, cached_values):
    keys, values = torch.cat([cached_keys, key], dim=2), torch.cat([cached_values, value], dim=2)
    return (query @ keys.mT).softmax(-1) @ values, keys, values
