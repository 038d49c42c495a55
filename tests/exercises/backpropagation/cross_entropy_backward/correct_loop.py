# approach: numbers, row by row
import math

import torch


def cross_entropy_backward(logits, targets):
    rows = []
    for row, target in zip(logits.tolist(), targets.tolist(), strict=True):
        powers = [math.exp(z - max(row)) for z in row]
        said = [power / sum(powers) for power in powers]
        rows.append([(p - (j == target)) / len(logits) for j, p in enumerate(said)])
    return torch.tensor(rows, dtype=torch.float64)
