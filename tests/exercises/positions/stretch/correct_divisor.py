# approach: what each speed is multiplied by
import math

import torch


def stretch(omega, factor, trained_length, slow, fast):
    share = torch.nn.functional.hardtanh((trained_length * omega / math.tau - slow) / (fast - slow), 0.0, 1.0)
    return omega * (1 / factor + share * (1 - 1 / factor))
