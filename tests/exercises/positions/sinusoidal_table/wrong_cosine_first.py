# misconception: the cosine of a pair comes first
# message: the sine comes before the cosine
import torch


def sinusoidal_table(positions, omega):
    angles = positions.unsqueeze(1) * omega
    return torch.stack([angles.cos(), angles.sin()], dim=2).flatten(1)
