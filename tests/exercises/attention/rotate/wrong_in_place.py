# misconception: the argument can be turned where it is
# message: your function changed the tensor `x` that it was given
import torch


def rotate(x, positions, base):
    angles = positions[:, None] * base ** (-torch.arange(0, x.shape[1], 2) / x.shape[1])
    a, b = x[:, ::2].clone(), x[:, 1::2].clone()
    x[:, ::2] = a * angles.cos() - b * angles.sin()
    x[:, 1::2] = a * angles.sin() + b * angles.cos()
    return x
