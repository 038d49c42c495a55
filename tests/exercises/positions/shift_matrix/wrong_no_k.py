# misconception: the matrix moves by one position
# message: not the identity|which is not the row
import torch


def shift_matrix(k, omega):
    matrix = torch.diag(omega.cos().repeat_interleave(2))
    for j, sin in enumerate(omega.sin()):
        matrix[2 * j, 2 * j + 1], matrix[2 * j + 1, 2 * j] = -sin, sin
    return matrix
