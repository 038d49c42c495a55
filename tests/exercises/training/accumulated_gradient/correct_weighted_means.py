import torch


def accumulated_gradient(weights, micro_batches):
    scored = [int((targets != -100).sum()) for _, targets in micro_batches]
    moving = weights.clone().requires_grad_()
    for number, (x, targets) in zip(scored, micro_batches, strict=True):
        if number:
            loss = torch.nn.functional.cross_entropy(x @ moving, targets)
            (loss * number / sum(scored)).backward()
    return moving.grad
