# misconception: tokens stand at 0, 1, 2, ...
# message: does your code use `positions`|does your code count by itself
import torch


def sinusoidal_table(positions, omega):
    angles = torch.arange(len(positions)).unsqueeze(1) * omega
    return torch.stack([angles.sin(), angles.cos()], dim=2).flatten(1)
