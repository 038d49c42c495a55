# misconception: the mean of means is the mean
# message: mean of the micro-batches' means
import torch


def accumulated_gradient(weights, micro_batches):
    moving = weights.clone().requires_grad_()
    num_scored = 0
    for x, targets in micro_batches:
        loss = torch.nn.functional.cross_entropy(x @ moving, targets, reduction="mean")
        loss.backward()
        num_scored += 1
    return moving.grad / num_scored
