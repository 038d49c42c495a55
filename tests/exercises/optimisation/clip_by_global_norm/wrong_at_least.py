# misconception: the minimum is a maximum
# message: as long as before
import math


def clip_by_global_norm(gradients, max_norm):
    norm = math.sqrt(sum(float(gradient.square().sum()) for gradient in gradients))
    return [gradient * max(1.0, max_norm / max(norm, 1e-30)) for gradient in gradients]
