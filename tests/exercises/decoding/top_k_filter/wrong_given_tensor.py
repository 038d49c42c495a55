# misconception: if nothing falls out, the tensor itself is the result
# message: your function returned the tensor that was given to it, not a new one
import math

import torch


def top_k_filter(logits, k):
    if k >= len(logits):
        return logits
    kept = logits.topk(k).indices
    filtered = torch.full_like(logits, -math.inf)
    filtered[kept] = logits[kept]
    return filtered
