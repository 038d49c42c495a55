# approach: a cosine is a sine a quarter turn further, in float64
import math

import torch


def sinusoidal_table(positions, omega):
    angles = positions[:, None].double() * omega.repeat_interleave(2)
    return torch.sin(angles + math.pi / 2 * (torch.arange(2 * len(omega)) % 2))
