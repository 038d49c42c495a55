# misconception: every column has a speed
# message: two columns make one pair
import torch


def speeds(d, base):
    return base ** (-torch.arange(d) / d)
