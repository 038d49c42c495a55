# misconception: all sines come first, then all cosines
# message: comes directly before its cosine
import torch


def sinusoidal_table(positions, omega):
    angles = positions.unsqueeze(1) * omega
    return torch.cat([angles.sin(), angles.cos()], dim=1)
