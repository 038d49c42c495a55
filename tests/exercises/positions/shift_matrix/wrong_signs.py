# misconception: both sines are positive
# message: changes the length of a row|which is not the row
import torch


def shift_matrix(k, omega):
    matrix = torch.diag((k * omega).cos().repeat_interleave(2))
    for j, sin in enumerate((k * omega).sin()):
        matrix[2 * j, 2 * j + 1] = matrix[2 * j + 1, 2 * j] = sin
    return matrix
