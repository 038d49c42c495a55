# misconception: right less said
# message: which sign has its derivative
import torch


def cross_entropy_backward(logits, targets):
    right = torch.nn.functional.one_hot(targets, logits.shape[1])
    return (right - torch.softmax(logits, dim=1)) / len(logits)
