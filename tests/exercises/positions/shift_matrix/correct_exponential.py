# approach: the matrix exponential of a skew-symmetric matrix, in float64
import torch


def shift_matrix(k, omega):
    speeds = omega.double()
    between = torch.stack([speeds, torch.zeros_like(speeds)], dim=1).flatten()[:-1]
    step = torch.matrix_exp(torch.diag(between, -1) - torch.diag(between, 1))
    pair = torch.arange(len(step)) // 2
    return torch.linalg.matrix_power(step, k).where(pair[:, None] == pair, 0.0)
