# misconception: the division comes after the product
# message: multiply by the distance|x³ is
import torch


def numerical_gradient(loss, x, h):
    gradient = torch.zeros_like(x)
    for i in range(x.numel()):
        step = torch.zeros_like(x)
        step.view(-1)[i] = h
        gradient.view(-1)[i] = (loss(x + step) - loss(x - step)) / 2 * h
    return gradient
