# misconception: the exponentials can be typed as they stand
# message: a float cannot hold exp\(800\)
import torch


def attend_with_cache(query, key, value, cached_keys, cached_values):
    keys, values = torch.cat([cached_keys, key], dim=2), torch.cat([cached_values, value], dim=2)
    exponentials = (query @ keys.mT / query.shape[-1] ** 0.5).exp()
    return exponentials / exponentials.sum(-1, keepdim=True) @ values, keys, values
