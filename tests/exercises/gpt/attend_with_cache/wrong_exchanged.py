# misconception: the order of keys and values in the result does not matter
# message: the keys of earlier tokens have changed
import torch


def attend_with_cache(query, key, value, cached_keys, cached_values):
    keys, values = torch.cat([cached_keys, key], dim=2), torch.cat([cached_values, value], dim=2)
    return torch.nn.functional.scaled_dot_product_attention(query, keys, values), values, keys
