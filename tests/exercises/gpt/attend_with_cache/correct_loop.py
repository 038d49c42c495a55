# approach: loops over rows and heads; the caches are filled in place
import torch


def attend_with_cache(query, key, value, cached_keys, cached_values):
    batch_size, num_heads, length, width = cached_keys.shape
    keys = torch.empty(batch_size, num_heads, length + 1, width)
    values = torch.empty_like(keys)
    keys[:, :, :length], values[:, :, :length] = cached_keys, cached_values
    keys[:, :, length], values[:, :, length] = key[:, :, 0], value[:, :, 0]
    output = torch.empty_like(query)
    for b in range(batch_size):
        for h in range(num_heads):
            weights = torch.softmax(keys[b, h] @ query[b, h, 0] / width**0.5, dim=0)
            output[b, h, 0] = weights @ values[b, h]
    return output, keys, values
