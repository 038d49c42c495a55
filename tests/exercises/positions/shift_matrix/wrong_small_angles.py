# misconception: for small angles the sine is the angle
# message: changes the length|which is not the row
import torch


def shift_matrix(k, omega):
    matrix = torch.diag((k * omega).cos().repeat_interleave(2))
    for j, angle in enumerate(k * omega):
        matrix[2 * j, 2 * j + 1], matrix[2 * j + 1, 2 * j] = -angle, angle
    return matrix
