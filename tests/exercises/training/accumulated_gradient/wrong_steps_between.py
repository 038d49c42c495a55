# misconception: the weights move with each micro-batch
# message: not that of the whole batch
import torch


def accumulated_gradient(weights, micro_batches):
    moving, total, count = weights.clone(), 0, 0
    for x, targets in micro_batches:
        moving.requires_grad_()
        loss = torch.nn.functional.cross_entropy(x @ moving, targets, reduction="sum")
        (gradient,) = torch.autograd.grad(loss, moving)
        total, count = total + gradient, count + int((targets >= 0).sum())
        moving = moving.detach() - 0.1 * gradient
    return total / count
