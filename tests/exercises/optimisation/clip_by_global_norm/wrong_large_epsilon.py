# misconception: a thousandth in the denominator is harmless
# message: wrong for|becomes?
import math


def clip_by_global_norm(gradients, max_norm):
    norm = math.sqrt(sum(float(gradient.square().sum()) for gradient in gradients))
    return [gradient * min(1.0, max_norm / (norm + 1e-3)) for gradient in gradients]
