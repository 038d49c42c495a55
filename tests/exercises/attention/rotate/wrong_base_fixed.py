# misconception: the base is always 10000
# message: pair 1 of a random vector of width 4 at position 300 is turned wrongly
import torch


def rotate(x, positions, base):
    angles = positions[:, None] * 10000.0 ** (-torch.arange(0, x.shape[1], 2) / x.shape[1])
    a, b = x[:, ::2], x[:, 1::2]
    return torch.stack([a * angles.cos() - b * angles.sin(), a * angles.sin() + b * angles.cos()], dim=2).flatten(1)
