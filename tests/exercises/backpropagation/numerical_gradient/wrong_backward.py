# misconception: one step down is enough
# message: you step down, but not up
import torch


def numerical_gradient(loss, x, h):
    gradient = torch.zeros_like(x)
    for i in range(x.numel()):
        step = torch.zeros_like(x)
        step.view(-1)[i] = h
        gradient.view(-1)[i] = (loss(x) - loss(x - step)) / h
    return gradient
