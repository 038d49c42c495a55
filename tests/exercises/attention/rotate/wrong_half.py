# misconception: half precision is accurate enough for angles
# message: is turned wrongly|turned by|depends on where they stand
import torch


def rotate(x, positions, base):
    angles = (positions[:, None] * base ** (-torch.arange(0, x.shape[1], 2) / x.shape[1])).half().float()
    a, b = x[:, ::2], x[:, 1::2]
    return torch.stack([a * angles.cos() - b * angles.sin(), a * angles.sin() + b * angles.cos()], dim=2).flatten(1)
