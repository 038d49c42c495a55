# misconception: the logits are what the model says
# message: where is the softmax
import torch


def cross_entropy_backward(logits, targets):
    right = torch.nn.functional.one_hot(targets, logits.shape[1])
    return (logits - right) / len(logits)
