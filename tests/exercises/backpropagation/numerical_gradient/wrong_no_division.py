# misconception: the difference is the gradient
# message: you do not divide by the distance
import torch


def numerical_gradient(loss, x, h):
    gradient = torch.zeros_like(x)
    for i in range(x.numel()):
        step = torch.zeros_like(x)
        step.view(-1)[i] = h
        gradient.view(-1)[i] = loss(x + step) - loss(x - step)
    return gradient
