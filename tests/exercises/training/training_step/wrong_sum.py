# misconception: the loss is the sum over the examples
# message: this is the sum over the examples
import torch


def training_step(weights, x, targets, lr):
    moving = weights.clone().requires_grad_()
    loss = torch.nn.functional.cross_entropy(x @ moving, targets, reduction="sum")
    loss.backward()
    return weights - lr * moving.grad, loss.item()
