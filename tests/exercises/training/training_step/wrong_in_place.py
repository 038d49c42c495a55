# misconception: a step changes the weights in place
# message: changed the weights that were given
import torch


def training_step(weights, x, targets, lr):
    weights.requires_grad_()
    loss = torch.nn.functional.cross_entropy(x @ weights, targets)
    loss.backward()
    with torch.no_grad():
        weights -= lr * weights.grad
    return weights, loss.item()
