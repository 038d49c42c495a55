# misconception: no text has more than 64 tokens
# message: shape|wrong|expand|size
import torch


def permutation_masks(order):
    rank = order.argsort(1)
    triangle = torch.ones(65, 65).tril().bool()
    rank = rank.clamp(max=64)
    content = triangle[rank.unsqueeze(2), rank.unsqueeze(1)]
    return content, content & ~torch.eye(order.shape[1]).bool()
