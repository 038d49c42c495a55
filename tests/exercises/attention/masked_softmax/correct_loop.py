# approach: a loop over rows; the softmax of the allowed scores alone
import torch


def masked_softmax(scores, mask):
    weights = torch.zeros(scores.shape)
    for row in range(len(scores)):
        allowed = mask[row]
        if allowed.any():
            weights[row, allowed] = scores[row, allowed].softmax(0)
    return weights
