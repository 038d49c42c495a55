# misconception: the smaller the step, the better
# message: this is the derivative itself
import torch


def numerical_gradient(loss, x, h):
    h, gradient = 1e-5, torch.zeros_like(x)
    for i in range(x.numel()):
        step = torch.zeros_like(x)
        step.view(-1)[i] = h
        gradient.view(-1)[i] = (loss(x + step) - loss(x - step)) / (2 * h)
    return gradient
