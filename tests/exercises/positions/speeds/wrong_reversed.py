# misconception: the slowest pair comes first
# message: the first turns by 0.0100 instead of 1
import torch


def speeds(d, base):
    return (base ** (-torch.arange(0, d, 2) / d)).flip(0)
