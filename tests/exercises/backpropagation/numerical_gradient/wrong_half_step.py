# misconception: h is the distance of the two points
# message: your step is half as large
import torch


def numerical_gradient(loss, x, h):
    gradient = torch.zeros_like(x)
    for i in range(x.numel()):
        step = torch.zeros_like(x)
        step.view(-1)[i] = h / 2
        gradient.view(-1)[i] = (loss(x + step) - loss(x - step)) / h
    return gradient
