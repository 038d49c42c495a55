# misconception: sorting puts the best first
# message: those that are left are not the largest
import math

import torch


def top_k_filter(logits, k):
    indices = logits.argsort()[:k]
    filtered = torch.full_like(logits, -math.inf)
    filtered[indices] = logits[indices]
    return filtered
