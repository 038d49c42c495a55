# misconception: clipping divides by the norm
# message: is it also multiplied
import math


def clipped_step(parameters, gradients, lr, max_norm):
    norm = math.sqrt(sum(float(gradient.double().square().sum()) for gradient in gradients))
    if not math.isfinite(norm):
        return list(parameters), norm
    scale = 1 / norm if norm > max_norm else 1.0
    return [parameter - lr * scale * gradient for parameter, gradient in zip(parameters, gradients, strict=True)], norm
