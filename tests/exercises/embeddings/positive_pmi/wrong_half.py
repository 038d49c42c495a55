# misconception: half precision is accurate enough
# message: wrong for|give
import torch


def positive_pmi(counts):
    n = counts.bfloat16()
    chance = n.sum(1, keepdim=True) * n.sum(0) / n.sum()
    return torch.where(n > 0, n / chance, 1).log().clamp(min=0).float()
