# misconception: a mean can be taken of any micro-batch
# message: What is the mean over no target
import torch


def accumulated_gradient(weights, micro_batches):
    total, count = torch.zeros_like(weights), 0
    for x, targets in micro_batches:
        x, targets = x[targets != -100], targets[targets != -100]
        error = (x @ weights).softmax(dim=-1) - torch.eye(weights.shape[1])[targets]
        mean = x.T @ error / len(x)
        total, count = total + mean * len(x), count + len(x)
    return total / count
