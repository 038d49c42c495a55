# misconception: the step, lr times the gradient, is clipped
# message: parameter is off|brings
import math


def clipped_step(parameters, gradients, lr, max_norm):
    norm = math.sqrt(sum(float(gradient.double().square().sum()) for gradient in gradients))
    if not math.isfinite(norm):
        return list(parameters), norm
    scale = min(1.0, max_norm / max(lr * norm, 1e-12))
    return [parameter - lr * scale * gradient for parameter, gradient in zip(parameters, gradients, strict=True)], norm
