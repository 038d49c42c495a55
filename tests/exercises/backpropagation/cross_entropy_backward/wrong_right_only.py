# misconception: only the right logit has a gradient
# message: do the other logits not enter
import torch


def cross_entropy_backward(logits, targets):
    rows = torch.arange(len(logits))
    gradient = torch.zeros_like(logits)
    gradient[rows, targets] = torch.softmax(logits, dim=1)[rows, targets] - 1
    return gradient / len(logits)
