# misconception: a step is in proportion to the number
# message: in proportion to x
import torch


def numerical_gradient(loss, x, h):
    gradient = torch.zeros_like(x)
    for i in range(x.numel()):
        size = h * max(1.0, abs(x.flatten()[i].item()))
        step = torch.zeros_like(x)
        step.view(-1)[i] = size
        gradient.view(-1)[i] = (loss(x + step) - loss(x - step)) / (2 * size)
    return gradient
