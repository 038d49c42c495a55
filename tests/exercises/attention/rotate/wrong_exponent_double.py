# misconception: the exponent is divided by the number of pairs once more
# message: turned by 0.0001: the exponent is too large
import torch


def rotate(x, positions, base):
    angles = positions[:, None] * base ** (-torch.arange(0, x.shape[1], 2) / (x.shape[1] // 2))
    a, b = x[:, ::2], x[:, 1::2]
    return torch.stack([a * angles.cos() - b * angles.sin(), a * angles.sin() + b * angles.cos()], dim=2).flatten(1)
