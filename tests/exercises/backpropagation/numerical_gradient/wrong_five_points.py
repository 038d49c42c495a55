# misconception: more points are more exact
# message: more than twice
import torch


def numerical_gradient(loss, x, h):
    gradient = torch.zeros_like(x)
    for i in range(x.numel()):
        step = torch.zeros_like(x)
        step.view(-1)[i] = h
        near = (loss(x + step) - loss(x - step)) / (2 * h)
        far = (loss(x + 2 * step) - loss(x - 2 * step)) / (4 * h)
        gradient.view(-1)[i] = (4 * near - far) / 3
    return gradient
