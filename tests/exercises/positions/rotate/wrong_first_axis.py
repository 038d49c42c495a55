# misconception: positions lie along the first axis
# message: must match the size|along which axis are the positions|shape
import torch


def rotate(x, positions, omega, layout):
    angles = positions.view(-1, *[1] * (x.ndim - 1)) * omega
    a, b = (x[..., 0::2], x[..., 1::2]) if layout == "interleaved" else x.chunk(2, dim=-1)
    turned = [a * angles.cos() - b * angles.sin(), a * angles.sin() + b * angles.cos()]
    return torch.stack(turned, dim=-1).flatten(-2) if layout == "interleaved" else torch.cat(turned, dim=-1)
