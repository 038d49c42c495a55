# misconception: half precision is accurate enough
# message: is not the row|wrong for|changes the length
import torch


def shift_matrix(k, omega):
    angles = (k * omega.bfloat16()).float()
    matrix = torch.diag(angles.cos().repeat_interleave(2))
    for j, sin in enumerate(angles.sin()):
        matrix[2 * j, 2 * j + 1], matrix[2 * j + 1, 2 * j] = -sin, sin
    return matrix
