# misconception: every tensor is clipped by itself
# message: each gradient was clipped by itself
import math


def clipped_step(parameters, gradients, lr, max_norm):
    norm = math.sqrt(sum(float(gradient.double().square().sum()) for gradient in gradients))
    if not math.isfinite(norm):
        return list(parameters), norm
    scale = max_norm
    return [
        parameter - lr * gradient * min(1.0, scale / max(float(gradient.norm()), 1e-12))
        for parameter, gradient in zip(parameters, gradients, strict=True)
    ], norm
