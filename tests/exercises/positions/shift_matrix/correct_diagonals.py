# approach: the main diagonal and its two neighbours
import torch


def shift_matrix(k, omega):
    angles = k * omega
    between = torch.stack([angles.sin(), torch.zeros_like(angles)], dim=1).flatten()[:-1]
    diagonal = torch.diag(angles.cos().repeat_interleave(2))
    return diagonal + torch.diag(between, -1) - torch.diag(between, 1)
