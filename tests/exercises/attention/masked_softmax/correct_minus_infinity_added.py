# approach: minus infinity is added in place, and nan becomes 0
import torch


def masked_softmax(scores, mask):
    bias = torch.zeros_like(scores)
    bias[~mask] = float("-inf")
    scores += bias
    return torch.softmax(scores, -1).nan_to_num(0.0)
