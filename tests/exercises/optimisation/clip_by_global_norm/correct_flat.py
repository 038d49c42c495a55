# approach: all numbers in one vector
import torch


def clip_by_global_norm(gradients, max_norm):
    norm = torch.cat([gradient.flatten() for gradient in gradients]).norm()
    return [gradient * torch.clamp(max_norm / norm, max=1) if norm else gradient.clone() for gradient in gradients]
