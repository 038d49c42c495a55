# misconception: a bad norm is a large norm
# message: the step is to be skipped
import math


def clipped_step(parameters, gradients, lr, max_norm):
    norm = math.sqrt(sum(float(gradient.double().square().sum()) for gradient in gradients))
    if norm == math.inf:
        return list(parameters), norm
    scale = max_norm / norm if norm > max_norm else 1.0
    return [parameter - lr * scale * gradient for parameter, gradient in zip(parameters, gradients, strict=True)], norm
