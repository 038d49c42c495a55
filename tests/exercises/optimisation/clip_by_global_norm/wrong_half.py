# misconception: the norm fits into half precision
# message: wrong for|are wrong
import torch


def clip_by_global_norm(gradients, max_norm):
    norm = float(torch.cat([gradient.flatten() for gradient in gradients]).half().norm())
    return [gradient * (max_norm / norm if norm > max_norm else 1.0) for gradient in gradients]
