# approach: torch's own attention, without a mask
import torch


def attend_with_cache(query, key, value, cached_keys, cached_values):
    keys, values = torch.cat((cached_keys, key), -2), torch.cat((cached_values, value), -2)
    return torch.nn.functional.scaled_dot_product_attention(query, keys, values), keys, values
