# misconception: k is never larger than the vocabulary
# message: 3 logits with k=10: RuntimeError
import math

import torch


def top_k_filter(logits, k):
    indices = logits.topk(k).indices
    filtered = torch.full_like(logits, -math.inf)
    filtered[indices] = logits[indices]
    return filtered
