# misconception: gradients of means add up to the gradient of the mean
# message: sum of the means
import torch


def accumulated_gradient(weights, micro_batches):
    moving = weights.clone().requires_grad_()
    num_scored = 0
    for x, targets in micro_batches:
        loss = torch.nn.functional.cross_entropy(x @ moving, targets, reduction="mean")
        loss.backward()
        num_scored += int((targets != -100).sum())
    return moving.grad
