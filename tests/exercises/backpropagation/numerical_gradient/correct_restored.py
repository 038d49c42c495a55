# approach: one tensor, in which each number is put back
import torch


def numerical_gradient(loss, x, h):
    point, gradient = x.clone(), torch.empty_like(x)
    flat = point.view(-1)
    for i in range(len(flat)):
        kept = flat[i].item()
        flat[i] = kept + h
        gradient.view(-1)[i] = loss(point)
        flat[i] = kept - h
        gradient.view(-1)[i] -= loss(point)
        flat[i] = kept
    return gradient / (2 * h)
