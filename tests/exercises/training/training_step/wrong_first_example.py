# misconception: the gradient of one example is enough
# message: your new weights are
import torch


def training_step(weights, x, targets, lr):
    moving = weights.clone().requires_grad_()
    losses = torch.nn.functional.cross_entropy(x @ moving, targets, reduction="none")
    losses[0].backward()
    return weights - lr * moving.grad, losses.mean().item()
