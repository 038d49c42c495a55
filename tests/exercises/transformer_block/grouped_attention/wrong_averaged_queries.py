# misconception: a group has one query
# message: value heads|shape|do keys and values|random heads
import torch


def grouped_attention(query, key, value):
    size = query.shape[1] // key.shape[1]
    mean = query.unflatten(1, (-1, size)).mean(2)
    output = torch.nn.functional.scaled_dot_product_attention(mean, key, value)
    return output.repeat_interleave(size, 1)
