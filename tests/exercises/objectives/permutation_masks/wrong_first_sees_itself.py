# misconception: a row without anything to look at must not be
# message: the query stream sees the token
import torch


def permutation_masks(order):
    rank = order.argsort(1)
    query = rank.unsqueeze(1) < rank.unsqueeze(2)
    empty = ~query.any(2, keepdim=True)
    return rank.unsqueeze(1) <= rank.unsqueeze(2), query | (empty & torch.eye(order.shape[1]).bool())
