# misconception: the exponent grows by 1/d from pair to pair
# message: the exponent is too small
import torch


def speeds(d, base):
    return base ** (-torch.arange(d // 2) / d)
