# misconception: a logit of 0 is a probability of 0
# message: a logit of 0 is not a probability of 0
import torch


def top_k_filter(logits, k):
    filtered = torch.zeros_like(logits)
    indices = logits.topk(min(k, len(logits))).indices
    filtered[indices] = logits[indices]
    return filtered
