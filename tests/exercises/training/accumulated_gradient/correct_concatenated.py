import torch


def accumulated_gradient(weights, micro_batches):
    x = torch.cat([x for x, _ in micro_batches])
    targets = torch.cat([targets for _, targets in micro_batches])
    moving = weights.clone().requires_grad_()
    torch.nn.functional.cross_entropy(x @ moving, targets).backward()
    return moving.grad
