# misconception: gradients are set to zero before each backward pass
# message: of the last micro-batch
import torch


def accumulated_gradient(weights, micro_batches):
    moving = weights.clone().requires_grad_()
    num_scored = 0
    for x, targets in micro_batches:
        moving.grad = None
        loss = torch.nn.functional.cross_entropy(x @ moving, targets, reduction="sum")
        loss.backward()
        num_scored += int((targets != -100).sum())
    return moving.grad / num_scored
