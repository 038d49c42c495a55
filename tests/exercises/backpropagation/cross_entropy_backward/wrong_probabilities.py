# misconception: the gradient is what the model says
# message: these are the probabilities
import torch


def cross_entropy_backward(logits, targets):
    return torch.softmax(logits, dim=1) / len(logits)
