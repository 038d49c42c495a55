import torch


def training_step(weights, x, targets, lr):
    moving = weights.detach().requires_grad_(True)
    loss = torch.nn.functional.cross_entropy(x @ moving, targets)
    (gradient,) = torch.autograd.grad(loss, moving)
    return weights - lr * gradient, loss
