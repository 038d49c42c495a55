# misconception: the learning rate belongs to the optimiser, not to the step
# message: they moved by the whole gradient
import torch


def training_step(weights, x, targets, lr):
    moving = weights.clone().requires_grad_()
    loss = torch.nn.functional.cross_entropy(x @ moving, targets)
    loss.backward()
    return weights - moving.grad, loss.item()
