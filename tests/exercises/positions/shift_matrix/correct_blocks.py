# approach: one block per pair on the diagonal
import torch


def shift_matrix(k, omega):
    blocks = []
    for angle in (k * omega.double()).tolist():
        sin, cos = torch.tensor(angle).sin(), torch.tensor(angle).cos()
        blocks.append(torch.stack([torch.stack([cos, -sin]), torch.stack([sin, cos])]))
    return torch.block_diag(*blocks)
