# misconception: the norm is never 0
# message: what is divided by what|ZeroDivisionError
import math


def clipped_step(parameters, gradients, lr, max_norm):
    norm = math.sqrt(sum(float(gradient.double().square().sum()) for gradient in gradients))
    if not math.isfinite(norm):
        return list(parameters), norm
    scale = min(1.0, max_norm / norm)
    return [parameter - lr * scale * gradient for parameter, gradient in zip(parameters, gradients, strict=True)], norm
