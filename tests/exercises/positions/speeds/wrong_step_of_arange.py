# misconception: arange(0, 1, 2 / d) always has d / 2 numbers
# message: wrong shape for 98 columns
import torch


def speeds(d, base):
    return float(base) ** -torch.arange(0, 1, 2 / d, dtype=torch.float64)
