# misconception: keys are cached in both places
# message: the values of earlier tokens have changed|the last of the values is not that of the newest token
import torch


def attend_with_cache(query, key, value, cached_keys, cached_values):
    keys, values = torch.cat([cached_keys, key], dim=2), torch.cat([cached_values, key], dim=2)
    return torch.nn.functional.scaled_dot_product_attention(query, keys, values), keys, values
