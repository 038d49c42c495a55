# approach: every angle twice, and the pairs with their numbers exchanged and a sign
import torch


def rotate(x, positions, base):
    angles = positions[:, None] * base ** (-torch.arange(0, x.shape[1], 2) / x.shape[1])
    angles = angles.repeat_interleave(2, dim=1)
    swapped = torch.stack([-x[:, 1::2], x[:, ::2]], dim=2).reshape(x.shape)
    return x * angles.cos() + swapped * angles.sin()
