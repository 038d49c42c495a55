# misconception: a matrix that fits some rows is the one asked for
# message: belong to different pairs|which is not the row
import torch


def shift_matrix(k, omega):
    rows = []
    for shift in (0, k):
        angles = (torch.arange(40) + shift).unsqueeze(1) * omega
        rows.append(torch.stack([angles.sin(), angles.cos()], dim=2).flatten(1))
    return torch.linalg.lstsq(rows[0], rows[1]).solution
