# misconception: half precision is accurate enough for angles
# message: wrong for \d+ positions|column
import torch


def sinusoidal_table(positions, omega):
    angles = (positions.unsqueeze(1).bfloat16() * omega.bfloat16()).float()
    return torch.stack([angles.sin(), angles.cos()], dim=2).flatten(1)
