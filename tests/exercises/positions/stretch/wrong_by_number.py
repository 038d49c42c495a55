# misconception: pairs are blended by their number, in order of speed
# message: keep \[|wrong for a pair
import math

import torch


def stretch(omega, factor, trained_length, slow, fast):
    turns = trained_length * omega / (2 * math.pi)
    number = torch.arange(len(omega))
    first, last = int((turns >= fast).sum()) - 1, int((turns > slow).sum())
    share = (1 - (number - first) / max(last - first, 1)).clamp(0, 1)
    return share * omega + (1 - share) * omega / factor
