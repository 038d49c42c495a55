# misconception: a step changes the parameters in place
# message: changed its argument|changed the parameters
import math


def clipped_step(parameters, gradients, lr, max_norm):
    norm = math.sqrt(sum(float(gradient.double().square().sum()) for gradient in gradients))
    if math.isfinite(norm):
        scale = max_norm / norm if norm > max_norm else 1.0
        for parameter, gradient in zip(parameters, gradients, strict=True):
            parameter -= lr * scale * gradient
    return parameters, norm
