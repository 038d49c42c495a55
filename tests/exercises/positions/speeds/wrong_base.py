# misconception: the base is always 10000
# message: does your code use `base`
import torch


def speeds(d, base):
    return 10000 ** (-torch.arange(0, d, 2) / d)
