# approach: a loop over the pairs
import torch


def speeds(d, base):
    return torch.tensor([1 / base ** (2 * j / d) for j in range(d // 2)])
