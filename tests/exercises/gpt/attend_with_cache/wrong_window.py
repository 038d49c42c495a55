# misconception: no more than 1024 tokens are kept
# message: with 1030 tokens in the cache
import torch


def attend_with_cache(query, key, value, cached_keys, cached_values):
    keys, values = torch.cat([cached_keys, key], dim=2), torch.cat([cached_values, value], dim=2)
    keys, values = keys[:, :, -1024:], values[:, :, -1024:]
    return torch.nn.functional.scaled_dot_product_attention(query, keys, values), keys, values
