# misconception: the norm is divided by the limit
# message: which of limit and norm is divided
import math


def clip_by_global_norm(gradients, max_norm):
    norm = math.sqrt(sum(float(gradient.square().sum()) for gradient in gradients))
    return [gradient * max(1.0, norm / max_norm) for gradient in gradients]
