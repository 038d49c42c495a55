# approach: even and odd columns filled in
import torch


def sinusoidal_table(positions, omega):
    angles = torch.outer(positions.double(), omega.double())
    table = torch.empty(len(positions), 2 * len(omega), dtype=torch.float64)
    table[:, 0::2] = torch.sin(angles)
    table[:, 1::2] = torch.cos(angles)
    return table
