# misconception: the result is one vector
# message: returned 3 results instead of 2|2 gradients become|has the shape|instead of
import torch


def clip_by_global_norm(gradients, max_norm):
    flat = torch.cat([gradient.flatten() for gradient in gradients])
    return list(flat * min(1.0, max_norm / max(1e-30, float(flat.norm()))))
