# approach: unfold and einsum
import torch


def split_heads(x, num_heads):
    width = x.shape[-1] // num_heads
    return torch.einsum("bthk->bhtk", x.unfold(-1, width, width))


def merge_heads(x):
    return torch.einsum("bhtk->bthk", x).reshape(x.size(0), x.size(2), -1)
