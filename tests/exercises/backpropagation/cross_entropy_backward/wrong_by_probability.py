# misconception: minus one over p is the end of it
# message: go on through the softmax
import torch


def cross_entropy_backward(logits, targets):
    rows = torch.arange(len(logits))
    gradient = torch.zeros_like(logits)
    gradient[rows, targets] = -1 / torch.softmax(logits, dim=1)[rows, targets].clamp(min=1e-30)
    return gradient / len(logits)
