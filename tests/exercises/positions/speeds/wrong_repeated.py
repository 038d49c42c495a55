# misconception: both columns of a pair get a number
# message: two columns make one pair
import torch


def speeds(d, base):
    return (base ** (-torch.arange(0, d, 2) / d)).repeat_interleave(2)
