# misconception: tokens are put together along the last axis
# message: Sizes of tensors must match|along which axis do the tokens stand
import torch


def attend_with_cache(query, key, value, cached_keys, cached_values):
    keys, values = torch.cat([cached_keys, key], dim=-1), torch.cat([cached_values, value], dim=-1)
    return torch.nn.functional.scaled_dot_product_attention(query, keys, values), keys, values
