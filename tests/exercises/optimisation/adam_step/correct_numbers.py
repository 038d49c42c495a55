# approach: number by number
import math

import torch


def adam_step(w, m, v, g, t, lr, beta_1, beta_2, eps):
    new = [[], [], []]
    for a, b, c, d in zip(*(tensor.flatten().tolist() for tensor in (w, m, v, g)), strict=True):
        b = b + (1 - beta_1) * (d - b)
        c = c + (1 - beta_2) * (d * d - c)
        step = b / (1 - beta_1**t) / (math.sqrt(c / (1 - beta_2**t)) + eps)
        for numbers, number in zip(new, (a - lr * step, b, c), strict=True):
            numbers.append(number)
    return [torch.tensor(numbers, dtype=torch.float64).reshape(w.shape) for numbers in new]
