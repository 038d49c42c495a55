# approach: the logarithm of the softmax, and scatter
import torch


def cross_entropy_backward(logits, targets):
    said = (logits - torch.logsumexp(logits, 1, keepdim=True)).exp()
    return said.scatter_add(1, targets[:, None], -torch.ones_like(said)).div(logits.size(0))
