# misconception: -1000 is as good as minus infinity
# message: tokens are left|are left

import torch


def top_k_filter(logits, k):
    kept = logits.topk(min(k, len(logits))).indices
    filtered = torch.full_like(logits, -1000.0)
    filtered[kept] = logits[kept]
    return filtered
