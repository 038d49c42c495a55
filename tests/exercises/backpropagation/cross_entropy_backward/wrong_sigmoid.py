# misconception: each logit is a probability of its own
# message: with the probabilities 3/4
import torch


def cross_entropy_backward(logits, targets):
    right = torch.nn.functional.one_hot(targets, logits.shape[1])
    return (torch.sigmoid(logits) - right) / len(logits)
