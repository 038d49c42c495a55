# misconception: the row is a column, and the matrix stands on the left
# message: takes position 7 to \d+ instead of
import torch


def shift_matrix(k, omega):
    matrix = torch.diag((k * omega).cos().repeat_interleave(2))
    for j, sin in enumerate((k * omega).sin()):
        matrix[2 * j, 2 * j + 1], matrix[2 * j + 1, 2 * j] = sin, -sin
    return matrix
