# misconception: half precision is enough to rank logits
# message: a larger logit fell out than one that stayed
import math

import torch


def top_k_filter(logits, k):
    kept = logits.bfloat16().topk(min(k, len(logits))).indices
    filtered = torch.full_like(logits, -math.inf)
    filtered[kept] = logits[kept]
    return filtered
