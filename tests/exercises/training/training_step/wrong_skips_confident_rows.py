# misconception: rows predicted with more than 99.9 % have no gradient left
# message: that the model is sure of counts in the mean
import torch


def training_step(weights, x, targets, lr):
    z = x @ weights
    error = z.softmax(dim=1) - torch.eye(weights.shape[1])[targets]
    error[error.abs().max(dim=1).values < 1e-3] = 0.0
    kept = int(error.any(dim=1).sum())
    loss = torch.nn.functional.cross_entropy(z, targets)
    return weights - lr * x.T @ error / max(1, kept), loss
