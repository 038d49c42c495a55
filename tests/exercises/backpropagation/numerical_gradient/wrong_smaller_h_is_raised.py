# misconception: below 0.0001, rounding wins, so h is at least that
# message: is this your step
import torch


def numerical_gradient(loss, x, h):
    h = max(h, 1e-4)
    units = torch.eye(x.numel(), dtype=x.dtype).reshape(-1, *x.shape)
    values = [(loss(x + h * e) - loss(x - h * e)) / (2 * h) for e in units]
    return torch.tensor(values, dtype=torch.float64).reshape(x.shape)
