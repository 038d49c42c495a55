# misconception: repeating the heads puts equal ones side by side
# message: neighbours share a head
import torch


def grouped_attention(query, key, value):
    group = query.shape[1] // key.shape[1]
    return torch.nn.functional.scaled_dot_product_attention(
        query, key.repeat(1, group, 1, 1), value.repeat(1, group, 1, 1)
    )
