# misconception: a very negative number is as good as minus infinity, also when it is everywhere
# message: query 1 may attend to nothing, and its weights sum to 1.000
import torch


def masked_softmax(scores, mask):
    return torch.softmax(scores.masked_fill(~mask, -1e9), dim=-1)
