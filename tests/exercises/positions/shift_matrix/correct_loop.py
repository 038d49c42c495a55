# approach: entry by entry
import math

import torch


def shift_matrix(k, omega):
    matrix = torch.zeros(2 * len(omega), 2 * len(omega))
    for j, speed in enumerate(omega.tolist()):
        angle = k * speed
        matrix[2 * j, 2 * j] = matrix[2 * j + 1, 2 * j + 1] = math.cos(angle)
        matrix[2 * j + 1, 2 * j] = math.sin(angle)
        matrix[2 * j, 2 * j + 1] = -math.sin(angle)
    return matrix
