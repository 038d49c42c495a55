# approach: the exponential of a multiple of the logarithm, in float64
import math

import torch


def speeds(d, base):
    pairs = torch.arange(d // 2, dtype=torch.float64)
    return torch.exp(-2 * pairs / d * math.log(base))
