# misconception: the bias depends on the shape alone
# message: the slope 0.25
import math

import torch

biases = {}


def alibi_scores(scores, slopes):
    if scores.shape not in biases:
        _, T, S = scores.shape
        distance = torch.arange(S - T, S)[:, None] - torch.arange(S)
        biases[scores.shape] = torch.where(distance >= 0, -slopes[:, None, None] * distance, -math.inf)
    return scores + biases[scores.shape]
