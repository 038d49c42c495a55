# misconception: the rows of the mask lie in the order of prediction
# message: the rows lie in the order of prediction
import torch


def permutation_masks(order):
    rank = order.argsort(1)
    steps = torch.arange(order.shape[1])[:, None]
    return rank.unsqueeze(1) <= steps, rank.unsqueeze(1) < steps
