# misconception: the sines stand on the diagonal
# message: for k=\d+|not the identity
import torch


def shift_matrix(k, omega):
    matrix = torch.diag((k * omega).sin().repeat_interleave(2))
    for j, cos in enumerate((k * omega).cos()):
        matrix[2 * j, 2 * j + 1], matrix[2 * j + 1, 2 * j] = -cos, cos
    return matrix
