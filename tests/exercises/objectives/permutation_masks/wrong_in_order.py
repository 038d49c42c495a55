# misconception: the rows of the mask lie in the order of prediction
# message: your row i is the position
import torch


def permutation_masks(order):
    rank = order.argsort(1)
    steps = torch.arange(order.shape[1])[:, None]
    return rank.unsqueeze(1) <= steps, rank.unsqueeze(1) < steps
