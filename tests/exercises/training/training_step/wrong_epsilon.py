# misconception: a small number keeps the logarithm finite
# message: the loss is|gives the loss
import torch


def training_step(weights, x, targets, lr):
    probabilities = (x @ weights).softmax(dim=-1)
    loss = -(probabilities[range(len(x)), targets] + 1e-9).log().mean()
    error = probabilities - torch.eye(weights.shape[1])[targets]
    return weights - lr * x.T @ error / len(x), loss
