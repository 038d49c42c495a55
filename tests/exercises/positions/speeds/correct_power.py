# approach: powers of the ratio of two neighbours
import torch


def speeds(d, base):
    ratio = torch.tensor(float(base) ** (-2 / d), dtype=torch.float64)
    return ratio.pow(torch.arange(d // 2))
