# approach: a loop over the order, with the positions so far
import torch


def permutation_masks(order):
    B, T = order.shape
    content = torch.zeros(B, T, T, dtype=torch.bool)
    query = torch.zeros(B, T, T, dtype=torch.bool)
    for b in range(B):
        for i, t in enumerate(order[b].tolist()):
            query[b, t, order[b, :i]] = True
            content[b, t, order[b, : i + 1]] = True
    return content, query
