# misconception: the scale is the width of all heads
# message: the width of all heads
import torch


def grouped_attention(query, key, value):
    size = query.shape[1] // key.shape[1]
    width = query.shape[1] * query.shape[3]
    return torch.nn.functional.scaled_dot_product_attention(
        query, key.repeat_interleave(size, 1), value.repeat_interleave(size, 1), scale=width**-0.5
    )
