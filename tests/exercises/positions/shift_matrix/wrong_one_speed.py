# misconception: all pairs turn alike
# message: each pair has its own speed
import torch


def shift_matrix(k, omega):
    omega = omega[:1].expand(len(omega))
    matrix = torch.diag((k * omega).cos().repeat_interleave(2))
    for j, sin in enumerate((k * omega).sin()):
        matrix[2 * j, 2 * j + 1], matrix[2 * j + 1, 2 * j] = -sin, sin
    return matrix
