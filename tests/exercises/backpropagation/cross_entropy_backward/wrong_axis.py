# misconception: the softmax runs over the tokens
# message: with the probabilities 3/4
import torch


def cross_entropy_backward(logits, targets):
    right = torch.nn.functional.one_hot(targets, logits.shape[1])
    return (torch.softmax(logits, dim=0) - right) / len(logits)
