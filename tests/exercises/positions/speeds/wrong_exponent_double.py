# misconception: the exponent grows by 2 / (d/2) from pair to pair
# message: the exponent is too large
import torch


def speeds(d, base):
    return base ** (-torch.arange(0, d, 2) / (d // 2))
