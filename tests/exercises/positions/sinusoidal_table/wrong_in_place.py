# misconception: the positions may be shifted where they are
# message: changed the tensor `positions`
import torch


def sinusoidal_table(positions, omega):
    angles = positions.unsqueeze(1) * omega
    positions += 1
    return torch.stack([angles.sin(), angles.cos()], dim=2).flatten(1)
