# misconception: minus infinity can be put into the scores themselves
# message: your function changed the scores that it was given
import torch


def masked_softmax(scores, mask):
    scores[~mask] = float("-inf")
    return torch.softmax(scores, -1).nan_to_num(0.0)
