# misconception: half precision is accurate enough
# message: (weights of random scores under a random mask are wrong|times that of key 0)
import torch


def masked_softmax(scores, mask):
    weights = torch.softmax(scores.bfloat16().masked_fill(~mask, float("-inf")), dim=-1).float()
    return weights.masked_fill(~mask, 0)
