# misconception: the norm is the root mean square
# message: they are added up
import torch


def clip_by_global_norm(gradients, max_norm):
    norm = float(torch.cat([gradient.flatten() for gradient in gradients]).square().mean().sqrt())
    return [gradient * (max_norm / norm if norm > max_norm else 1.0) for gradient in gradients]
