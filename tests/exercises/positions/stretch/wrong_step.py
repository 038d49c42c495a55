# misconception: there is nothing between slow and fast
# message: pairs between the bounds are blended
import math

import torch


def stretch(omega, factor, trained_length, slow, fast):
    turns = trained_length * omega / (2 * math.pi)
    return torch.where(turns >= fast, omega, omega / factor)
