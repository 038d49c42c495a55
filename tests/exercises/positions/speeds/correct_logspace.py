# approach: evenly spaced exponents
import torch


def speeds(d, base):
    return torch.logspace(0, -(d - 2) / d, d // 2, base=base, dtype=torch.float64)
