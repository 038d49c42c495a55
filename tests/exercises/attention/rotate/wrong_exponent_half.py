# misconception: the exponent is the number of the pair divided by the width
# message: turned by 0.1000: the exponent is too small
import torch


def rotate(x, positions, base):
    angles = positions[:, None] * base ** (-torch.arange(x.shape[1] // 2) / x.shape[1])
    a, b = x[:, ::2], x[:, 1::2]
    return torch.stack([a * angles.cos() - b * angles.sin(), a * angles.sin() + b * angles.cos()], dim=2).flatten(1)
