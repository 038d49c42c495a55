# misconception: positions grow
# message: does your code count by itself
import torch


def sinusoidal_table(positions, omega):
    angles = positions.sort().values.unsqueeze(1) * omega
    return torch.stack([angles.sin(), angles.cos()], dim=2).flatten(1)
