# misconception: the softmax is over the queries
# message: the weights of query \d sum to
import torch


def masked_softmax(scores, mask):
    return torch.softmax(scores.masked_fill(~mask, -1e9), dim=0) * mask
