# misconception: the gradients are shortened where they are
# message: changed its argument
import math


def clip_by_global_norm(gradients, max_norm):
    norm = math.sqrt(sum(float(gradient.square().sum()) for gradient in gradients))
    for gradient in gradients:
        gradient *= max_norm / norm if norm > max_norm else 1.0
    return [gradient.clone() for gradient in gradients]
