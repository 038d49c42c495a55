# misconception: only the direction of each number counts
# message: they moved by the sign
import torch


def training_step(weights, x, targets, lr):
    moving = weights.clone().requires_grad_()
    loss = torch.nn.functional.cross_entropy(x @ moving, targets)
    loss.backward()
    return weights - lr * moving.grad.sign(), loss.item()
