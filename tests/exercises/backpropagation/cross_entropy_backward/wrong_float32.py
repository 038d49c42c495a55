# misconception: single precision is exact enough
# message: wrong for random logits
import torch


def cross_entropy_backward(logits, targets):
    right = torch.nn.functional.one_hot(targets, logits.shape[1])
    return ((torch.softmax(logits.float(), dim=1) - right) / len(logits)).double()
