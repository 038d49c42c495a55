# misconception: repeat and repeat_interleave agree
# message: belong to the same group
import torch


def grouped_attention(query, key, value):
    group = query.shape[1] // key.shape[1]
    return torch.nn.functional.scaled_dot_product_attention(
        query, key.repeat(1, group, 1, 1), value.repeat_interleave(group, 1)
    )
