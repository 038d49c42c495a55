# misconception: what is cached needs no more attention
# message: it attends only to itself
import torch


def attend_with_cache(query, key, value, cached_keys, cached_values):
    output = torch.nn.functional.scaled_dot_product_attention(query, key, value)
    return output, torch.cat([cached_keys, key], dim=2), torch.cat([cached_values, value], dim=2)
