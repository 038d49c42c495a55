# misconception: a bad gradient is a gradient of 0
# message: for you|skipped
import math


def clipped_step(parameters, gradients, lr, max_norm):
    norm = math.sqrt(sum(float(gradient.nan_to_num(0.0, 0.0, 0.0).double().square().sum()) for gradient in gradients))
    if norm > 1e30:
        return list(parameters), norm
    scale = max_norm / norm if norm > max_norm else 1.0
    return [
        parameter - lr * scale * gradient.nan_to_num(0.0, 0.0, 0.0)
        for parameter, gradient in zip(parameters, gradients, strict=True)
    ], norm
