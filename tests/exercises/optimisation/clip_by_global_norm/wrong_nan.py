# misconception: the norm is never 0
# message: a gradient of zeros becomes nan
import torch


def clip_by_global_norm(gradients, max_norm):
    norm = torch.cat([gradient.flatten() for gradient in gradients]).norm()
    unit = [gradient / norm for gradient in gradients]
    return [each * min(float(norm), max_norm) for each in unit]
