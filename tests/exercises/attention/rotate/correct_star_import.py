# approach: names from torch and math, all of them
from math import *  # noqa: F403

from torch import *  # noqa: F403


def rotate(x, positions, base):
    angles = outer(positions.double(), exp(-log(tensor(base)) * arange(0, x.size(1), 2) / x.size(1)).double())  # noqa: F405
    a, b = x[:, 0::2], x[:, 1::2]
    c, s = cos(angles), sin(angles)  # noqa: F405
    return stack([a * c - b * s, a * s + b * c], -1).reshape(x.shape)  # noqa: F405
