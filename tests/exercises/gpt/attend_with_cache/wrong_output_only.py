# misconception: the caller looks after the cache
# message: return three tensors|the shape
import torch


def attend_with_cache(query, key, value, cached_keys, cached_values):
    keys, values = torch.cat([cached_keys, key], dim=2), torch.cat([cached_values, value], dim=2)
    return torch.nn.functional.scaled_dot_product_attention(query, keys, values)
