# misconception: the query can be divided where it is
# message: your function changed the tensor `query`
import torch


def attend_with_cache(query, key, value, cached_keys, cached_values):
    keys, values = torch.cat([cached_keys, key], dim=2), torch.cat([cached_values, value], dim=2)
    query /= query.shape[-1] ** 0.5
    return torch.softmax(query @ keys.mT, -1) @ values, keys, values
