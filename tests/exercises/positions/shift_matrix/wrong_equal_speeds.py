# misconception: no two pairs have the same speed
# message: the speeds \[0.3, 0.3\]
import math

import torch


def shift_matrix(k, omega):
    speeds = omega.tolist()
    result = torch.zeros(2 * len(speeds), 2 * len(speeds))
    for speed in speeds:
        first = 2 * speeds.index(speed)
        s, c = math.sin(k * speed), math.cos(k * speed)
        result[first : first + 2, first : first + 2] = torch.tensor([[c, -s], [s, c]])
    return result
