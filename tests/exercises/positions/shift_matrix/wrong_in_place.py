# misconception: the speeds may be multiplied where they are
# message: changed the tensor `omega`
import torch


def shift_matrix(k, omega):
    omega *= k
    matrix = torch.diag(omega.cos().repeat_interleave(2))
    for j, sin in enumerate(omega.sin()):
        matrix[2 * j, 2 * j + 1], matrix[2 * j + 1, 2 * j] = -sin, sin
    return matrix
