# misconception: each row is moved as one
# message: numbers are moved at once
import torch


def numerical_gradient(loss, x, h):
    gradient = torch.zeros_like(x)
    for i in range(len(x)):
        step = torch.zeros_like(x)
        step[i] = h
        gradient[i] = (loss(x + step) - loss(x - step)) / (2 * h)
    return gradient
