# misconception: a probability near 1 is 1
# message: wrong for random logits
import torch


def cross_entropy_backward(logits, targets):
    p = torch.softmax(logits, dim=1).clamp(1e-9, 1 - 1e-9)
    right = torch.nn.functional.one_hot(targets, logits.shape[1])
    return (p - right) / len(logits)
