# misconception: minus infinity is enough; a row without any key takes care of itself
# message: query 1 may attend to nothing and gets nan
import torch


def masked_softmax(scores, mask):
    return torch.softmax(scores.masked_fill(~mask, float("-inf")), dim=-1)
