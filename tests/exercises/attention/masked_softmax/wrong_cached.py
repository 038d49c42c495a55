# misconception: for scores of the same shape the mask is the same
# message: two equal scores of|masked key has a weight|query 1 may attend to nothing
import torch

masks = {}


def masked_softmax(scores, mask):
    mask = masks.setdefault(scores.shape, mask)
    return torch.softmax(scores.masked_fill(~mask, -1e9), dim=-1) * mask
