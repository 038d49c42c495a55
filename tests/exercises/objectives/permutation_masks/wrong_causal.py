# misconception: tokens keep their positions, so the mask is causal
# message: positions 0 to 3|first row of this batch
import torch


def permutation_masks(order):
    content = torch.ones(order.shape[1], order.shape[1]).tril().bool().expand(len(order), -1, -1)
    return content, content.tril(-1)
