# misconception: the first pair has j = 1 in the exponent
# message: the first turns by 0.0100 instead of 1
import torch


def speeds(d, base):
    return base ** (-torch.arange(2, d + 1, 2) / d)
