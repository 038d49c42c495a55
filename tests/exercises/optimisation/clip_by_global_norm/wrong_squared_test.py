# misconception: the sum of squares tells whether the gradient is too long
# message: wrong for a norm of 0.6
import math


def clip_by_global_norm(gradients, max_norm):
    total = float(sum(g.square().sum() for g in gradients))
    if total <= max_norm:
        return [g.clone() for g in gradients]
    scale = min(1.0, max_norm / math.sqrt(total))
    return [g * scale for g in gradients]
