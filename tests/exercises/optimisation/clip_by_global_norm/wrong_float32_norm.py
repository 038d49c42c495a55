# misconception: the norm may be taken in float32, since it is only one number
# message: wrong for .* random gradients
import torch


def clip_by_global_norm(gradients, max_norm):
    norm = float(torch.cat([g.flatten() for g in gradients]).float().norm())
    scale = min(1.0, max_norm / norm) if norm else 1.0
    return [g * scale for g in gradients]
