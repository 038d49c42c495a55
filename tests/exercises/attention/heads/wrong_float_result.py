# misconception: the type of the numbers makes no difference
# message: the numbers were torch.int64 and have become torch.float32
import torch


def split_heads(x, num_heads):
    width = x.shape[2] // num_heads
    heads = torch.zeros(x.shape[0], num_heads, x.shape[1], width)
    for h in range(num_heads):
        heads[:, h] = x[:, :, h * width : (h + 1) * width]
    return heads


def merge_heads(x):
    return x.transpose(1, 2).flatten(2)
