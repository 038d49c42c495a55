# misconception: the limit decides when, and the length is 1
# message: the new norm is 1
import math


def clip_by_global_norm(gradients, max_norm):
    norm = math.sqrt(sum(float(gradient.square().sum()) for gradient in gradients))
    return [gradient / norm if norm > max_norm else gradient.clone() for gradient in gradients]
