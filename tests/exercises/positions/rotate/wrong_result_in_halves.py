# misconception: the result may have another order of columns than x
# message: 'interleaved': at position 0 no pair turns
import torch


def rotate(x, positions, omega, layout):
    angles = positions.unsqueeze(1) * omega
    a, b = (x[..., 0::2], x[..., 1::2]) if layout == "interleaved" else x.chunk(2, dim=-1)
    return torch.cat([a * angles.cos() - b * angles.sin(), a * angles.sin() + b * angles.cos()], dim=-1)
