# misconception: the order in the cache does not matter
# message: the newest of the keys comes first
import torch


def attend_with_cache(query, key, value, cached_keys, cached_values):
    keys, values = torch.cat([key, cached_keys], dim=2), torch.cat([value, cached_values], dim=2)
    return torch.nn.functional.scaled_dot_product_attention(query, keys, values), keys, values
