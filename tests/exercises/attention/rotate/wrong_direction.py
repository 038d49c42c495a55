# misconception: the signs of the sine do not matter
# message: the first pair turned by -1 instead of 1: check the signs
import torch


def rotate(x, positions, base):
    angles = positions[:, None] * base ** (-torch.arange(0, x.shape[1], 2) / x.shape[1])
    a, b = x[:, ::2], x[:, 1::2]
    return torch.stack([a * angles.cos() + b * angles.sin(), b * angles.cos() - a * angles.sin()], dim=2).flatten(1)
