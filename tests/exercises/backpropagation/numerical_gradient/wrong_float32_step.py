# misconception: a step has the default type
# message: wrong at|float32
import torch


def numerical_gradient(loss, x, h):
    gradient = torch.zeros_like(x)
    for i in range(x.numel()):
        point = x.float()
        losses = []
        for moved in (h, -h):
            up = point.clone()
            up.view(-1)[i] += moved
            losses.append(loss(up.double()))
        gradient.view(-1)[i] = (losses[0] - losses[1]) / (2 * h)
    return gradient
