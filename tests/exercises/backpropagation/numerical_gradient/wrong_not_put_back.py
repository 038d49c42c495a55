# misconception: the point may wander
# message: numbers are moved at once
import torch


def numerical_gradient(loss, x, h):
    point, gradient = x.clone(), torch.zeros_like(x)
    for i in range(x.numel()):
        point.view(-1)[i] += h
        up = loss(point)
        point.view(-1)[i] -= 2 * h
        gradient.view(-1)[i] = (up - loss(point)) / (2 * h)
    return gradient
