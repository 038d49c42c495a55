# approach: loops over tokens and pairs, with the math module
import math

import torch


def rotate(x, positions, base):
    turned = torch.empty_like(x)
    for t, position in enumerate(positions.tolist()):
        for i in range(x.shape[1] // 2):
            angle = position / base ** (2 * i / x.shape[1])
            a, b = x[t, 2 * i].item(), x[t, 2 * i + 1].item()
            turned[t, 2 * i] = a * math.cos(angle) - b * math.sin(angle)
            turned[t, 2 * i + 1] = a * math.sin(angle) + b * math.cos(angle)
    return turned
