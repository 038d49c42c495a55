# misconception: the noise that breaks ties may stay in the logits
# message: not the largest, or not as they were|values have changed
import math

import torch


def top_k_filter(logits, k):
    logits = logits + torch.rand(len(logits), generator=torch.Generator().manual_seed(0)) * 1e-5
    kept = logits.topk(min(k, len(logits))).indices
    filtered = torch.full_like(logits, -math.inf)
    filtered[kept] = logits[kept]
    return filtered
