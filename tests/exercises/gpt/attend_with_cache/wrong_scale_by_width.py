# misconception: the scores are divided by the width
# message: attends to itself by 0.7311: the scores are divided by too much
import torch


def attend_with_cache(query, key, value, cached_keys, cached_values):
    keys, values = torch.cat([cached_keys, key], dim=2), torch.cat([cached_values, value], dim=2)
    return (query @ keys.mT / key.shape[-1]).softmax(-1) @ values, keys, values
