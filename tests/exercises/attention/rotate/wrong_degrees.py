# misconception: angles are in degrees
# message: the first pair turned by 1 degree: angles are in radians
import torch


def rotate(x, positions, base):
    angles = torch.deg2rad(positions[:, None] * base ** (-torch.arange(0, x.shape[1], 2) / x.shape[1]))
    a, b = x[:, ::2], x[:, 1::2]
    return torch.stack([a * angles.cos() - b * angles.sin(), a * angles.sin() + b * angles.cos()], dim=2).flatten(1)
