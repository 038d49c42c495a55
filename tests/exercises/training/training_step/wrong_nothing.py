# misconception: the step is made by the optimiser later
# message: your weights have not moved
import torch


def training_step(weights, x, targets, lr):
    return weights, torch.nn.functional.cross_entropy(x @ weights, targets)
