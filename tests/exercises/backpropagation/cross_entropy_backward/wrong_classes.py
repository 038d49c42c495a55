# misconception: one-hot finds the number of classes by itself
# message: must match the size of tensor
import torch


def cross_entropy_backward(logits, targets):
    return (torch.softmax(logits, dim=1) - torch.nn.functional.one_hot(targets)) / len(logits)
