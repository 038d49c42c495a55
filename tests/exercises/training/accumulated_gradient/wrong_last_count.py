# misconception: the number of scored targets is that of the last micro-batch
# message: not that of the whole batch
import torch


def accumulated_gradient(weights, micro_batches):
    moving = weights.clone().requires_grad_()
    num_scored = 0
    for x, targets in micro_batches:
        loss = torch.nn.functional.cross_entropy(x @ moving, targets, reduction="sum")
        loss.backward()
        num_scored += int((targets != -100).sum())
    return moving.grad / int((targets != -100).sum())
