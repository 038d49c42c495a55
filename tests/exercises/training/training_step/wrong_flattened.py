# misconception: one softmax for the whole batch
# message: compute it by hand
import torch


def training_step(weights, x, targets, lr):
    probabilities = (x @ weights).flatten().softmax(dim=0).view(len(x), -1)
    loss = -probabilities[range(len(x)), targets].log().mean()
    error = probabilities - torch.eye(weights.shape[1])[targets]
    return weights - lr * x.T @ error / len(x), loss
