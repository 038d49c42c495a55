# misconception: the smallest score, -1000, is as good as minus infinity
# message: two equal scores of -1000, and a masked one
import torch


def masked_softmax(scores, mask):
    return torch.softmax(scores.masked_fill(~mask, -1000.0), dim=-1) * mask
