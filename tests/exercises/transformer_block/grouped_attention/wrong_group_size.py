# misconception: the groups have as many heads as there are groups
# message: value heads|must match|size
import torch


def grouped_attention(query, key, value):
    group = [h // key.shape[1] for h in range(query.shape[1])]
    group = [min(g, key.shape[1] - 1) for g in group]
    return torch.nn.functional.scaled_dot_product_attention(query, key[:, group], value[:, group])
