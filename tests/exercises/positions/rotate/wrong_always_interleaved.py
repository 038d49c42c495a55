# misconception: the layout is a matter of taste
# message: 'halves': turning \[1, 0, 0, 0\] fills the columns \[1\]
import torch


def rotate(x, positions, omega, layout):
    angles = positions.unsqueeze(1) * omega
    a, b = x[..., 0::2], x[..., 1::2]
    turned = [a * angles.cos() - b * angles.sin(), a * angles.sin() + b * angles.cos()]
    return torch.stack(turned, dim=-1).flatten(-2)
