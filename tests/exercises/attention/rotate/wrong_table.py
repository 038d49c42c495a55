# misconception: a table of 512 positions is large enough
# message: index \d+ is out of bounds|is turned wrongly
import torch


def rotate(x, positions, base):
    angles = (torch.arange(512)[:, None] * base ** (-torch.arange(0, x.shape[1], 2) / x.shape[1]))[positions]
    a, b = x[:, ::2], x[:, 1::2]
    return torch.stack([a * angles.cos() - b * angles.sin(), a * angles.sin() + b * angles.cos()], dim=2).flatten(1)
