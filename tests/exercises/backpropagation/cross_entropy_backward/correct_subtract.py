# approach: one is subtracted at the right tokens
import torch


def cross_entropy_backward(logits, targets):
    gradient = torch.softmax(logits, dim=1)
    gradient[torch.arange(len(targets)), targets] -= 1
    return gradient / len(targets)
