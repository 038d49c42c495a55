# approach: a triangle whose rows and columns are put where they belong
import torch


def permutation_masks(order):
    rank = torch.zeros_like(order)
    rank.scatter_(1, order, torch.arange(order.shape[1]).expand_as(order))
    triangle = torch.ones(order.shape[1], order.shape[1]).tril()
    content = triangle[rank.unsqueeze(2), rank.unsqueeze(1)] > 0
    return content, content & ~torch.eye(order.shape[1], dtype=torch.bool)
