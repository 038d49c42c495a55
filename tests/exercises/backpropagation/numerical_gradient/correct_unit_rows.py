# approach: rows of a unit matrix are the directions
import torch


def numerical_gradient(loss, x, h):
    directions = torch.eye(x.numel(), dtype=torch.float64)
    slopes = [loss(x + h * e.reshape(x.shape)) - loss(x - h * e.reshape(x.shape)) for e in directions]
    return torch.tensor(slopes, dtype=torch.float64).reshape(x.shape) / h / 2
