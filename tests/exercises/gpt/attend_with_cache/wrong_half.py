# misconception: half precision is accurate enough for a cache
# message: have changed|is not that of the newest|are not all there|another output
import torch


def attend_with_cache(query, key, value, cached_keys, cached_values):
    keys, values = torch.cat([cached_keys, key], dim=2), torch.cat([cached_values, value], dim=2)
    keys, values = keys.bfloat16().float(), values.bfloat16().float()
    return torch.nn.functional.scaled_dot_product_attention(query, keys, values), keys, values
