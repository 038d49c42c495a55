# misconception: the result is the new logarithms of the probabilities
# message: those that are left are not the largest, or not as they were
import math

import torch


def top_k_filter(logits, k):
    indices = logits.topk(min(k, len(logits))).indices
    filtered = torch.full_like(logits, -math.inf)
    filtered[indices] = logits[indices]
    return filtered.log_softmax(dim=0)
