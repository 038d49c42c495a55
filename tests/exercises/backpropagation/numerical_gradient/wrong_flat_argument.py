# misconception: loss takes a flat vector
# message: loss was called with the shape
import torch


def numerical_gradient(loss, x, h):
    flat, gradient = x.flatten(), torch.zeros_like(x)
    for i in range(len(flat)):
        step = torch.zeros_like(flat)
        step[i] = h
        gradient.view(-1)[i] = (loss(flat + step) - loss(flat - step)) / (2 * h)
    return gradient
