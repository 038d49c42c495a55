# misconception: a safe division adds a thousandth
# message: instead of \[0.94, -0.92\]
import math

import torch


def clipped_step(parameters, gradients, lr, max_norm):
    norm = torch.cat([g.flatten() for g in gradients]).norm().item()
    if not math.isfinite(norm):
        return list(parameters), norm
    factor = min(1.0, max_norm / (norm + 1e-3))
    return [p - lr * factor * g for p, g in zip(parameters, gradients, strict=True)], norm
