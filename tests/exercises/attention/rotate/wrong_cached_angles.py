# misconception: the angles of a shape are always the same, and can be kept
# message: turned by|is turned wrongly
import torch

kept = {}


def rotate(x, positions, base):
    if x.shape not in kept:
        kept[x.shape] = positions[:, None] * base ** (-torch.arange(0, x.shape[1], 2) / x.shape[1])
    angles = kept[x.shape]
    a, b = x[:, ::2], x[:, 1::2]
    return torch.stack([a * angles.cos() - b * angles.sin(), a * angles.sin() + b * angles.cos()], dim=2).flatten(1)
