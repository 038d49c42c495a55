# approach: scatter the best into minus infinity; equal ones are settled by a stable sort
import torch


def top_k_filter(logits, k):
    best, indices = logits.sort(descending=True, stable=True)
    return torch.full_like(logits, float("-inf")).scatter(0, indices[:k], best[:k])
