# misconception: the norm of the parameters matters
# message: have the norm 13
import math


def clipped_step(parameters, gradients, lr, max_norm):
    norm = math.sqrt(sum(float(parameter.square().sum()) for parameter in parameters))
    if any(not bool(gradient.isfinite().all()) for gradient in gradients):
        return list(parameters), norm
    scale = max_norm / norm if norm > max_norm else 1.0
    return [parameter - lr * scale * gradient for parameter, gradient in zip(parameters, gradients, strict=True)], norm
