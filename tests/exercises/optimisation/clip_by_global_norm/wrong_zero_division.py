# misconception: the norm can always be divided by
# message: ZeroDivisionError|division by zero
import math


def clip_by_global_norm(gradients, max_norm):
    norm = math.sqrt(sum(float(gradient.square().sum()) for gradient in gradients))
    return [gradient * min(1.0, max_norm / norm) for gradient in gradients]
