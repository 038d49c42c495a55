# misconception: p is the share of the vocabulary that stays
# message: fewer tokens are enough|What of the token with which the sum reaches p
import math

import torch


def top_p_filter(probabilities, p):
    size = math.ceil(p * len(probabilities))
    best = probabilities.topk(size)
    result = torch.zeros_like(probabilities)
    result[best.indices] = best.values
    return result / result.sum()
