# misconception: class 0 is padding
# message: not that of the whole batch
import torch


def accumulated_gradient(weights, micro_batches):
    total, count = torch.zeros_like(weights), 0
    for x, targets in micro_batches:
        x, targets = x[targets > 0], targets[targets > 0]
        error = (x @ weights).softmax(dim=-1) - torch.eye(weights.shape[1])[targets]
        total, count = total + x.T @ error, count + len(targets)
    return total / max(count, 1)
