# approach: minus infinity is added, and nan becomes 0
import torch


def masked_softmax(scores, mask):
    bias = torch.zeros_like(scores)
    bias[~mask] = float("-inf")
    return torch.softmax(scores + bias, -1).nan_to_num(0.0)
