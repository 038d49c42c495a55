# misconception: the first number can be overwritten before the second is computed
# message: turning \[\[1.0, 0.0, 0.0, 0.0\]\] changed its length from 1.000 to
import torch


def rotate(x, positions, base):
    angles = positions[:, None] * base ** (-torch.arange(0, x.shape[1], 2) / x.shape[1])
    cos, sin = angles.cos(), angles.sin()
    x[:, ::2] = x[:, ::2] * cos - x[:, 1::2] * sin
    x[:, 1::2] = x[:, ::2] * sin + x[:, 1::2] * cos
    return x
