# misconception: all pairs turn by the position
# message: all pairs turn equally fast
import torch


def rotate(x, positions, base):
    angles = positions[:, None].float()
    a, b = x[:, ::2], x[:, 1::2]
    return torch.stack([a * angles.cos() - b * angles.sin(), a * angles.sin() + b * angles.cos()], dim=2).flatten(1)
