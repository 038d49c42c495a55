# approach: names from torch, all of them
from torch import *  # noqa: F403


def split_heads(x, num_heads):
    return stack(tensor_split(x, num_heads, dim=2), dim=1)  # noqa: F405


def merge_heads(x):
    return cat(x.unbind(1), dim=2)  # noqa: F405
