# misconception: no text is longer than 512 tokens
# message: IndexError|out of bounds|out of range
import torch


def sinusoidal_table(positions, omega):
    angles = torch.arange(512).unsqueeze(1) * omega
    return torch.stack([angles.sin(), angles.cos()], dim=2).flatten(1)[positions]
