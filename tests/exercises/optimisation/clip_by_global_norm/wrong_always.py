# misconception: the gradient gets the length of the limit
# message: a gradient that is shorter stays as it is
import math


def clip_by_global_norm(gradients, max_norm):
    norm = math.sqrt(sum(float(gradient.square().sum()) for gradient in gradients)) + 1e-12
    return [gradient * max_norm / norm for gradient in gradients]
