# approach: the ranks by argsort, and torch.where
import math

import torch


def top_k_filter(logits, k):
    ranks = logits.argsort(descending=True).argsort()
    return torch.where(ranks < k, logits, torch.tensor(-math.inf))
