# misconception: a target that is not scored is the class 0
# message: not that of the whole batch
import torch


def accumulated_gradient(weights, micro_batches):
    x = torch.cat([x for x, _ in micro_batches])
    targets = torch.cat([targets for _, targets in micro_batches]).clamp(min=0)
    moving = weights.clone().requires_grad_()
    torch.nn.functional.cross_entropy(x @ moving, targets).backward()
    return moving.grad
