# misconception: the first numbers of all pairs can be put before all the second ones
# message: at position 0 no pair turns, but the columns come in the order \[1, 3, 5, 2, 4, 6\]
import torch


def rotate(x, positions, base):
    angles = positions[:, None] * base ** (-torch.arange(0, x.shape[1], 2) / x.shape[1])
    a, b = x[:, ::2], x[:, 1::2]
    return torch.cat([a * angles.cos() - b * angles.sin(), a * angles.sin() + b * angles.cos()], dim=1)
