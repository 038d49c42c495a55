# approach: einsum; a list is returned
import torch


def attend_with_cache(query, key, value, cached_keys, cached_values):
    keys, values = torch.cat([cached_keys, key], dim=2), torch.cat([cached_values, value], dim=2)
    scores = torch.einsum("bhqk,bhsk->bhqs", query * query.size(-1) ** -0.5, keys)
    return [torch.einsum("bhqs,bhsk->bhqk", scores.softmax(-1), values), keys, values]
