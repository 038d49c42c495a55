# misconception: the row of a token is its position
# message: at position 1 the first pair turned by 0.000 instead of 1
import torch


def rotate(x, positions, base):
    angles = torch.arange(len(x))[:, None] * base ** (-torch.arange(0, x.shape[1], 2) / x.shape[1])
    a, b = x[:, ::2], x[:, 1::2]
    return torch.stack([a * angles.cos() - b * angles.sin(), a * angles.sin() + b * angles.cos()], dim=2).flatten(1)
