# misconception: going back is going forwards from the end
# message: k=-3
import torch


def shift_matrix(k, omega):
    angles = (k % 512) * omega
    matrix = torch.diag(angles.cos().repeat_interleave(2))
    for j, sin in enumerate(angles.sin()):
        matrix[2 * j, 2 * j + 1], matrix[2 * j + 1, 2 * j] = -sin, sin
    return matrix
