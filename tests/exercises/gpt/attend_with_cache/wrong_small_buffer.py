# misconception: a buffer of 16 tokens is large enough for a test
# message: expanded size|index 17 is out of bounds|index 16|must match|shape mismatch
import torch


def attend_with_cache(query, key, value, cached_keys, cached_values):
    length = cached_keys.shape[2]
    keys, values = torch.zeros(2, *key.shape[:2], 16, key.shape[3])
    keys[:, :, :length], values[:, :, :length] = cached_keys, cached_values
    keys[:, :, length], values[:, :, length] = key[:, :, 0], value[:, :, 0]
    keys, values = keys[:, :, : length + 1], values[:, :, : length + 1]
    return torch.nn.functional.scaled_dot_product_attention(query, keys, values), keys, values
