import math


def clipped_step(parameters, gradients, lr, max_norm):
    norm = math.hypot(*(float(gradient.norm()) for gradient in gradients))
    if math.isnan(norm) or math.isinf(norm):
        return [parameter.clone() for parameter in parameters], norm
    new = []
    for parameter, gradient in zip(parameters, gradients, strict=True):
        if norm > max_norm:
            gradient = gradient / norm * max_norm
        new.append(parameter - lr * gradient)
    return new, norm
