# misconception: one column per position
# message: give the shape \(6, 1\)
import torch


def sinusoidal_table(positions, omega):
    angles = omega.unsqueeze(1) * positions
    return torch.stack([angles.sin(), angles.cos()], dim=1).flatten(0, 1)
