# misconception: later pairs are faster
# message: what is the sign of the exponent
import torch


def speeds(d, base):
    return base ** (torch.arange(0, d, 2) / d)
