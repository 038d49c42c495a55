# misconception: positions are consecutive, so the first says all
# message: depends on where they stand|is turned wrongly
import torch


def rotate(x, positions, base):
    positions = positions[0] + torch.arange(len(x))
    angles = positions[:, None] * base ** (-torch.arange(0, x.shape[1], 2) / x.shape[1])
    a, b = x[:, ::2], x[:, 1::2]
    return torch.stack([a * angles.cos() - b * angles.sin(), a * angles.sin() + b * angles.cos()], dim=2).flatten(1)
