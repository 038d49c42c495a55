# misconception: each number of the gradient is clipped
# message: brings|clipped
import math


def clipped_step(parameters, gradients, lr, max_norm):
    norm = math.sqrt(sum(float(gradient.double().square().sum()) for gradient in gradients))
    if not math.isfinite(norm):
        return list(parameters), norm
    scale = max_norm
    return [
        parameter - lr * gradient.clamp(-scale, scale)
        for parameter, gradient in zip(parameters, gradients, strict=True)
    ], norm
