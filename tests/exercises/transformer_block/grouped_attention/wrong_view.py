# misconception: heads are contiguous in memory
# message: view size is not compatible|fails when tensors lie otherwise
import torch


def grouped_attention(query, key, value):
    size = query.shape[1] // key.shape[1]
    heads = query.view(-1, *query.shape[2:])
    keys, values = (x.repeat_interleave(size, 1).view(-1, *x.shape[2:]) for x in (key, value))
    return torch.nn.functional.scaled_dot_product_attention(heads, keys, values).view(query.shape)
