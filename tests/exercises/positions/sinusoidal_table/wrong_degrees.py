# misconception: angles are in degrees
# message: angles are in radians
import torch


def sinusoidal_table(positions, omega):
    angles = torch.deg2rad(positions.unsqueeze(1) * omega)
    return torch.stack([angles.sin(), angles.cos()], dim=2).flatten(1)
