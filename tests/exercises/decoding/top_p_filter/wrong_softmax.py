# misconception: probabilities are made to sum to 1 by a softmax
# message: is every probability that stays divided by the same sum
import math

import torch


def top_p_filter(probabilities, p):
    ordered, tokens = probabilities.sort(descending=True)
    size = int((ordered.cumsum(0) < p).sum()) + 1
    result = torch.full_like(probabilities, -math.inf)
    result[tokens[:size]] = ordered[:size]
    return result.softmax(0)
