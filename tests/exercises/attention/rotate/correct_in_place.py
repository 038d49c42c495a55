# approach: slices are filled in place; frequencies by exp and log
import math

import torch


def rotate(x, positions, base):
    speeds = torch.exp(-math.log(base) * 2 * torch.arange(x.shape[1] // 2).double() / x.shape[1])
    cos, sin = torch.cos(positions.view(-1, 1) * speeds), torch.sin(positions.view(-1, 1) * speeds)
    turned = x.double()
    turned[:, 0::2] = cos * x[:, 0::2] - sin * x[:, 1::2]
    turned[:, 1::2] = sin * x[:, 0::2] + cos * x[:, 1::2]
    return turned
