# misconception: positions are added, as sines and cosines
# message: all angles are 0
import torch


def rotate(x, positions, base):
    angles = positions[:, None] * base ** (-torch.arange(0, x.shape[1], 2) / x.shape[1])
    return x + torch.stack([angles.sin(), angles.cos()], dim=2).flatten(1)
