# misconception: torch's is_causal puts the query at the end
# message: it attends only to the oldest token: at which position
import torch


def attend_with_cache(query, key, value, cached_keys, cached_values):
    keys, values = torch.cat([cached_keys, key], dim=2), torch.cat([cached_values, value], dim=2)
    output = torch.nn.functional.scaled_dot_product_attention(query, keys, values, is_causal=True)
    return output, keys, values
