# approach: the largest logit, k times
import math

import torch


def top_k_filter(logits, k):
    left = logits.tolist()
    result = [-math.inf] * len(left)
    for _ in range(min(k, len(left))):
        index = left.index(max(left))
        result[index] = left[index]
        left[index] = -math.inf
    return torch.tensor(result)
