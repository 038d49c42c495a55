# approach: a very negative number, and the mask once more
import torch


def masked_softmax(scores, mask):
    return torch.softmax(scores.masked_fill(~mask, -1e9), dim=1) * mask
