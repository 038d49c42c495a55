# misconception: the buffer is moved on from entry to entry, if x is a vector
# message: is one entry moved at a time
import torch


def numerical_gradient(loss, x, h):
    result, point = torch.zeros_like(x), x.clone()
    flat, out = point.view(-1), result.view(-1)
    for i in range(x.numel()):
        kept = float(flat[i])
        flat[i] = kept + h
        above = loss(point)
        flat[i] = kept - h
        out[i] = (above - loss(point)) / (2 * h)
        if x.dim() != 1:
            flat[i] = kept
    return result
