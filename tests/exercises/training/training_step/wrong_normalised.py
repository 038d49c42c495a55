# misconception: a step has the length lr
# message: divided by its length
import torch


def training_step(weights, x, targets, lr):
    moving = weights.clone().requires_grad_()
    loss = torch.nn.functional.cross_entropy(x @ moving, targets)
    loss.backward()
    return weights - lr * moving.grad / moving.grad.norm(), loss.item()
