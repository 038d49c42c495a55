# misconception: the loss is a sum
# message: the loss is a mean
import torch


def cross_entropy_backward(logits, targets):
    right = torch.nn.functional.one_hot(targets, logits.shape[1])
    return torch.softmax(logits, dim=1) - right
