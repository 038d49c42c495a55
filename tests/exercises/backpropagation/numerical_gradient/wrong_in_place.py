# misconception: the argument can be moved where it is
# message: changed its argument
import torch


def numerical_gradient(loss, x, h):
    gradient = torch.zeros_like(x)
    for i in range(x.numel()):
        old = x.view(-1)[i].item()
        x.view(-1)[i] = old + h
        up = loss(x)
        x.view(-1)[i] = old - h
        gradient.view(-1)[i] = (up - loss(x)) / (2 * h)
        x.view(-1)[i] = old + 1e-12
    return gradient
