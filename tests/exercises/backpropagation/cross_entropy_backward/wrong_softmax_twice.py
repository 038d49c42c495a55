# misconception: the softmax's own derivative comes on top
# message: with the probabilities 3/4
import torch


def cross_entropy_backward(logits, targets):
    p = torch.softmax(logits, dim=1)
    right = torch.nn.functional.one_hot(targets, logits.shape[1])
    bar = (p - right) / len(logits)
    return p * (bar - (p * bar).sum(dim=1, keepdim=True))
