# misconception: one micro-batch is as good as another
# message: of the first micro-batch
import torch


def accumulated_gradient(weights, micro_batches):
    for x, targets in micro_batches:
        moving = weights.clone().requires_grad_()
        torch.nn.functional.cross_entropy(x @ moving, targets).backward()
        return moving.grad
