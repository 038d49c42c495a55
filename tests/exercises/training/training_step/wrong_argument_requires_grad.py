# misconception: the weights are a parameter, so they get a gradient
# message: changed its argument `weights`
import torch


def training_step(weights, x, targets, lr):
    weights.requires_grad_()
    loss = torch.nn.functional.cross_entropy(x @ weights, targets)
    loss.backward()
    return weights.detach() - lr * weights.grad, loss.item()
