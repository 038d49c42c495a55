# misconception: all weights are Llama's
# message: 'interleaved': turning \[1, 0, 0, 0\] fills the columns \[2\]
import torch


def rotate(x, positions, omega, layout):
    angles = positions.unsqueeze(1) * omega
    a, b = x.chunk(2, dim=-1)
    return torch.cat([a * angles.cos() - b * angles.sin(), a * angles.sin() + b * angles.cos()], dim=-1)
