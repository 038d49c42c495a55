# misconception: positions count from 1
# message: column 0 of position 3
import torch


def sinusoidal_table(positions, omega):
    angles = (positions + 1).unsqueeze(1) * omega
    return torch.stack([angles.sin(), angles.cos()], dim=2).flatten(1)
