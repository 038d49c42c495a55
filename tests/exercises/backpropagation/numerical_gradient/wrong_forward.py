# misconception: one step up is enough
# message: you step up, but not down
import torch


def numerical_gradient(loss, x, h):
    gradient, here = torch.zeros_like(x), loss(x)
    for i in range(x.numel()):
        step = torch.zeros_like(x)
        step.view(-1)[i] = h
        gradient.view(-1)[i] = (loss(x + step) - here) / h
    return gradient
