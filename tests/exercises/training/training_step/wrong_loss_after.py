# misconception: the loss that counts is the one after the step
# message: this is the loss after the step
import torch


def training_step(weights, x, targets, lr):
    moving = weights.clone().requires_grad_()
    loss = torch.nn.functional.cross_entropy(x @ moving, targets)
    loss.backward()
    return weights - lr * moving.grad, torch.nn.functional.cross_entropy(
        x @ (weights - lr * moving.grad), targets
    ).item()
