# misconception: counts are integers
# message: half counts are not rounded
import torch


def positive_pmi(counts):
    n = counts.long()
    chance = n.sum(1, keepdim=True).double() * n.sum(0) / n.sum()
    return torch.where(n > 0, n / chance, 1.0).log().clamp(min=0)
