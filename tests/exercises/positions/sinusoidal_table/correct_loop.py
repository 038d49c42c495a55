# approach: number by number
import math

import torch


def sinusoidal_table(positions, omega):
    rows = []
    for t in positions.tolist():
        rows.append([f(t * speed) for speed in omega.tolist() for f in (math.sin, math.cos)])
    return torch.tensor(rows)
