# misconception: a number's partner is half the width away, as in some implementations
# message: with which column does column 0 form a pair
import torch


def rotate(x, positions, base):
    angles = positions[:, None] * base ** (-torch.arange(0, x.shape[1], 2) / x.shape[1])
    a, b = x.chunk(2, dim=1)
    return torch.cat([a * angles.cos() - b * angles.sin(), a * angles.sin() + b * angles.cos()], dim=1)
