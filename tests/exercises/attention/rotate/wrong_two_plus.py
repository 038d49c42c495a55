# misconception: both rows of the matrix have a plus
# message: changed its length from 1.556 to 1.898: is a sign wrong
import torch


def rotate(x, positions, base):
    angles = positions[:, None] * base ** (-torch.arange(0, x.shape[1], 2) / x.shape[1])
    a, b = x[:, ::2], x[:, 1::2]
    return torch.stack([a * angles.cos() + b * angles.sin(), a * angles.sin() + b * angles.cos()], dim=2).flatten(1)
