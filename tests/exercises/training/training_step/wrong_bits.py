# misconception: a loss is in bits
# message: this is in bits
import torch


def training_step(weights, x, targets, lr):
    moving = weights.clone().requires_grad_()
    loss = torch.nn.functional.cross_entropy(x @ moving, targets)
    loss.backward()
    return weights - lr * moving.grad, loss.item() / torch.log(torch.tensor(2.0)).item()
