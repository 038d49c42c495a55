# misconception: the gradient points to where one wants to go
# message: the loss grows that way
import torch


def training_step(weights, x, targets, lr):
    moving = weights.clone().requires_grad_()
    loss = torch.nn.functional.cross_entropy(x @ moving, targets)
    loss.backward()
    return weights + lr * moving.grad, loss.item()
