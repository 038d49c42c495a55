# misconception: True marks what is masked out
# message: have no weight: what does True stand for in the mask
import torch


def masked_softmax(scores, mask):
    return torch.softmax(scores.masked_fill(mask, -1e9), dim=-1) * ~mask
