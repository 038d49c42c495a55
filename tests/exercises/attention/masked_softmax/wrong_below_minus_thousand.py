# misconception: a number somewhat below all scores is as good as minus infinity
# message: beside scores of -1000, a masked key has the weight
import torch


def masked_softmax(scores, mask):
    weights = torch.softmax(scores.masked_fill(~mask, -1100.0), dim=-1)
    return weights.masked_fill(~mask.any(-1, keepdim=True), 0)
