# misconception: positions end at 2047
# message: at position 10000 is turned wrongly
import torch


def rotate(x, positions, base):
    angles = positions.clamp(max=2047)[:, None] * base ** (-torch.arange(0, x.shape[1], 2) / x.shape[1])
    a, b = x[:, ::2], x[:, 1::2]
    return torch.stack([a * angles.cos() - b * angles.sin(), a * angles.sin() + b * angles.cos()], dim=2).flatten(1)
