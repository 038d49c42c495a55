# misconception: x has three axes at most
# message: wrong shape for x of shape \(2, 3, 5, 8\)
import torch


def rotate(x, positions, omega, layout):
    angles = positions.unsqueeze(1) * omega
    a, b = (x[..., 0::2], x[..., 1::2]) if layout == "interleaved" else x.chunk(2, dim=-1)
    turned = [a * angles.cos() - b * angles.sin(), a * angles.sin() + b * angles.cos()]
    if layout == "halves":
        return torch.cat(turned, dim=-1)
    result = torch.stack(turned, dim=-1)
    return result.flatten(1) if x.ndim == 2 else result.flatten(2).reshape(*x.shape[:2], -1)
