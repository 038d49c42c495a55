# misconception: positions count from 1
# message: all angles are 0
import torch


def rotate(x, positions, base):
    angles = (positions[:, None] + 1) * base ** (-torch.arange(0, x.shape[1], 2) / x.shape[1])
    a, b = x[:, ::2], x[:, 1::2]
    return torch.stack([a * angles.cos() - b * angles.sin(), a * angles.sin() + b * angles.cos()], dim=2).flatten(1)
