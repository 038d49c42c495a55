# misconception: the cache belongs to the module
# message: a cache of|keys of shape|tokens in the cache
import torch

kept = []


def attend_with_cache(query, key, value, cached_keys, cached_values):
    kept.append((key, value))
    keys = torch.cat([cached_keys[:, :, :0], *(k for k, _ in kept if k.shape == key.shape)], dim=2)
    values = torch.cat([cached_values[:, :, :0], *(v for _, v in kept if v.shape == value.shape)], dim=2)
    return torch.nn.functional.scaled_dot_product_attention(query, keys, values), keys, values
