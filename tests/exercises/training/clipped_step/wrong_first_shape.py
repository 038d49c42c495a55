# misconception: a parameter is a vector
# message: do not have the old shapes
import torch


def clipped_step(parameters, gradients, lr, max_norm):
    norm = torch.cat([gradient.flatten() for gradient in gradients]).norm()
    if not norm.isfinite():
        return parameters, norm
    scale = min(1.0, max_norm / max(float(norm), 1e-12))
    return [(p - lr * scale * g).reshape(-1) for p, g in zip(parameters, gradients, strict=True)], norm
