# misconception: a small number in the denominator is safe
# message: wrong for random logits
import torch


def cross_entropy_backward(logits, targets):
    powers = (logits - logits.amax(dim=1, keepdim=True)).exp()
    right = torch.nn.functional.one_hot(targets, logits.shape[1])
    return (powers / (powers.sum(dim=1, keepdim=True) + 1e-8) - right) / len(logits)
