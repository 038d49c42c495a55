# misconception: the mean is over all logits
# message: you divide by 2
import torch


def cross_entropy_backward(logits, targets):
    right = torch.nn.functional.one_hot(targets, logits.shape[1])
    return (torch.softmax(logits, dim=1) - right) / logits.numel()
