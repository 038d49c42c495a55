# misconception: the two points are h apart
# message: how far apart are the two points
import torch


def numerical_gradient(loss, x, h):
    gradient = torch.zeros_like(x)
    for i in range(x.numel()):
        step = torch.zeros_like(x)
        step.view(-1)[i] = h
        gradient.view(-1)[i] = (loss(x + step) - loss(x - step)) / h
    return gradient
