# misconception: half precision is enough for a norm
# message: your norm is
import torch


def clipped_step(parameters, gradients, lr, max_norm):
    norm = torch.cat([gradient.half().flatten() for gradient in gradients]).float().norm()
    if not norm.isfinite():
        return parameters, norm
    scale = min(1.0, max_norm / max(float(norm), 1e-12))
    return [p - lr * scale * g for p, g in zip(parameters, gradients, strict=True)], norm
