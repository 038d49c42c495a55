import torch


def clipped_step(parameters, gradients, lr, max_norm):
    norm = torch.cat([gradient.flatten() for gradient in gradients]).norm()
    if not norm.isfinite():
        return parameters, norm
    scale = min(1.0, max_norm / (float(norm) + 1e-6))
    return [p - lr * scale * g for p, g in zip(parameters, gradients, strict=True)], norm
