# misconception: all entries can be moved together
# message: numbers are moved at once
import torch


def numerical_gradient(loss, x, h):
    return torch.full_like(x, (loss(x + h) - loss(x - h)) / (2 * h))
