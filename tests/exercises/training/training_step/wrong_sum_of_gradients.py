# misconception: the loss is shown as a mean, and the gradient is a sum
# message: gradient of the sum
import torch


def training_step(weights, x, targets, lr):
    moving = weights.clone().requires_grad_()
    loss = torch.nn.functional.cross_entropy(x @ moving, targets)
    loss.backward()
    return weights - lr * moving.grad * len(x), loss.item()
