# misconception: the ranks of the probabilities are those of the logits, also in float32
# message: a larger logit fell out than one that stayed
import math

import torch


def top_k_filter(logits, k):
    kept = logits.softmax(0).topk(min(k, len(logits))).indices
    filtered = torch.full_like(logits, -math.inf)
    filtered[kept] = logits[kept]
    return filtered
