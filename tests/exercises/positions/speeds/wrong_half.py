# misconception: half precision is accurate enough
# message: is wrong for|turns by
import torch


def speeds(d, base):
    return (base ** (-torch.arange(0, d, 2).bfloat16() / d)).float()
