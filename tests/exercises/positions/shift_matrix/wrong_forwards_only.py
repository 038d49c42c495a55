# misconception: a shift has no sign
# message: for k=-3 the matrix takes position 7 to 10
import torch


def shift_matrix(k, omega):
    matrix = torch.diag((abs(k) * omega).cos().repeat_interleave(2))
    for j, sin in enumerate((abs(k) * omega).sin()):
        matrix[2 * j, 2 * j + 1], matrix[2 * j + 1, 2 * j] = -sin, sin
    return matrix
