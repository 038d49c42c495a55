# misconception: numbers in x are small, so exp is safe
# message: which exponential is too large
import torch


def accumulated_gradient(weights, micro_batches):
    gradient, total = torch.zeros_like(weights), 0
    for x, t in micro_batches:
        keep = t != -100
        e = (x[keep] @ weights).exp()
        p = e / e.sum(dim=1, keepdim=True)
        gradient += x[keep].T @ (p - torch.eye(weights.shape[1])[t[keep]])
        total += int(keep.sum())
    return gradient / total
