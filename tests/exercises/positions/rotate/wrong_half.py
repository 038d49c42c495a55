# misconception: half precision is accurate enough for angles
# message: wrong for random x|turned by
import torch


def rotate(x, positions, omega, layout):
    angles = (positions.unsqueeze(1).bfloat16() * omega.bfloat16()).float()
    a, b = (x[..., 0::2], x[..., 1::2]) if layout == "interleaved" else x.chunk(2, dim=-1)
    turned = [a * angles.cos() - b * angles.sin(), a * angles.sin() + b * angles.cos()]
    return torch.stack(turned, dim=-1).flatten(-2) if layout == "interleaved" else torch.cat(turned, dim=-1)
