# misconception: speeds are evenly spaced
# message: with 6 columns|of 2 pairs
import torch


def speeds(d, base):
    return torch.linspace(1, base ** (-(d - 2) / d), d // 2)
