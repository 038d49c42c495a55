# misconception: the last pair turns by 1/base
# message: of 2 pairs with the base 10000 the second turns by 0.0001
import torch


def speeds(d, base):
    return base ** -torch.linspace(0, 1, d // 2)
