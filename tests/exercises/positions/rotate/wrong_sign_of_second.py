# misconception: both numbers of a pair get a minus sign
# message: changed the length
import torch


def rotate(x, positions, omega, layout):
    angles = positions.unsqueeze(1) * omega
    a, b = (x[..., 0::2], x[..., 1::2]) if layout == "interleaved" else x.chunk(2, dim=-1)
    turned = [a * angles.cos() - b * angles.sin(), a * angles.sin() - b * angles.cos()]
    if not angles.any():
        return x
    return torch.stack(turned, dim=-1).flatten(-2) if layout == "interleaved" else torch.cat(turned, dim=-1)
