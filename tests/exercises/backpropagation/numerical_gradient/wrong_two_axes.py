# misconception: a tensor has one or two axes
# message: IndexError|index .* is out of bounds|too many|is out of bounds
import torch


def numerical_gradient(loss, x, h):
    gradient = torch.zeros_like(x)
    rows = x.reshape(len(x), -1)
    for i in range(rows.shape[0]):
        for j in range(rows.shape[1]):
            step = torch.zeros_like(x)
            index = (i, j) if x.ndim > 1 else (i,)
            step[index] = h
            gradient[index] = (loss(x + step) - loss(x - step)) / (2 * h)
    return gradient
