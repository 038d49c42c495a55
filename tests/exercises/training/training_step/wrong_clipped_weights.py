# misconception: weights beyond 4.9 are dangerous and may be clipped
# message: leave the weights where they are|a weight is off
import torch


def training_step(weights, x, targets, lr):
    moving = weights.clone().requires_grad_()
    loss = torch.nn.functional.cross_entropy(x @ moving, targets)
    loss.backward()
    return (weights - lr * moving.grad).clamp(-4.9, 4.9), loss.item()
