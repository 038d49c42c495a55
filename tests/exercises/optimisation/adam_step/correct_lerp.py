# approach: torch's lerp, and the corrections as one factor
import math

import torch


def adam_step(w, m, v, g, t, lr, beta_1, beta_2, eps):
    m = torch.lerp(g, m, beta_1)
    v = torch.lerp(g.square(), v, beta_2)
    root = math.sqrt(1 - beta_2**t)
    step = lr * root / (1 - beta_1**t)
    return w - step * m / (v.sqrt() + eps * root), m, v
