# misconception: the mask can be turned round where it is
# message: your function changed the mask that it was given
import torch


def masked_softmax(scores, mask):
    mask.logical_not_()
    return torch.softmax(scores.masked_fill(mask, float("-inf")), -1).nan_to_num(0.0)
