# misconception: the slowest pair comes first
# message: the first turns by 0.0100: what is its exponent
import torch


def speeds(d, base):
    return (base ** (-torch.arange(0, d, 2) / d)).flip(0)
