# misconception: a little noise breaks ties and harms nobody
# message: a larger logit fell out than one that stayed|not the largest
import math

import torch


def top_k_filter(logits, k):
    noise = torch.rand(len(logits), generator=torch.Generator().manual_seed(0)) * 1e-4
    kept = (logits + noise).topk(min(k, len(logits))).indices
    filtered = torch.full_like(logits, -math.inf)
    filtered[kept] = logits[kept]
    return filtered
