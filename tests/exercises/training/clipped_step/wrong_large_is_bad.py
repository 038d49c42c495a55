# misconception: a norm above a million is as bad as inf
# message: is off by|yours is|your norm
import math


def clipped_step(parameters, gradients, lr, max_norm):
    norm = math.sqrt(sum(float(gradient.double().square().sum()) for gradient in gradients))
    if not norm < 1e6:
        return list(parameters), norm
    scale = max_norm / norm if norm > max_norm else 1.0
    return [parameter - lr * scale * gradient for parameter, gradient in zip(parameters, gradients, strict=True)], norm
