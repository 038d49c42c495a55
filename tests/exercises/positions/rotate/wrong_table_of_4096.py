# misconception: no text is longer than 4096 tokens
# message: IndexError|out of bounds|out of range
import torch


def rotate(x, positions, omega, layout):
    angles = (torch.arange(4096).unsqueeze(1) * omega)[positions]
    a, b = (x[..., 0::2], x[..., 1::2]) if layout == "interleaved" else x.chunk(2, dim=-1)
    turned = [a * angles.cos() - b * angles.sin(), a * angles.sin() + b * angles.cos()]
    return torch.stack(turned, dim=-1).flatten(-2) if layout == "interleaved" else torch.cat(turned, dim=-1)
