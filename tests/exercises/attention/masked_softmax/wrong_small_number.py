# misconception: -100 is negative enough
# message: key 1 is masked for query 0, and still has the weight|two equal scores of -1000
import torch


def masked_softmax(scores, mask):
    weights = torch.softmax(scores.masked_fill(~mask, -100.0), dim=-1)
    return weights.masked_fill(~mask.any(-1, keepdim=True), 0)
