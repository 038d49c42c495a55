# approach: the standard library, on lists, in float64
import math

import torch


def masked_softmax(scores, mask):
    rows = []
    for row, allowed in zip(scores.tolist(), mask.tolist(), strict=True):
        largest = max((score for score, ok in zip(row, allowed, strict=True) if ok), default=0)
        powers = [math.exp(score - largest) if ok else 0.0 for score, ok in zip(row, allowed, strict=True)]
        rows.append([power / (sum(powers) or 1) for power in powers])
    return torch.tensor(rows, dtype=torch.float64)
