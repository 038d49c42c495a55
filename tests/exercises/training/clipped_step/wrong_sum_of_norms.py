# misconception: norms add up
# message: sum of the gradients' norms
import math


def clipped_step(parameters, gradients, lr, max_norm):
    norm = sum(float(gradient.norm()) for gradient in gradients)
    if not math.isfinite(norm):
        return list(parameters), norm
    scale = max_norm / norm if norm > max_norm else 1.0
    return [parameter - lr * scale * gradient for parameter, gradient in zip(parameters, gradients, strict=True)], norm
