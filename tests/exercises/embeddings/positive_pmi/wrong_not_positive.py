# misconception: negative numbers stay
# message: negative numbers become 0
import torch


def positive_pmi(counts):
    chance = counts.sum(1, keepdim=True) * counts.sum(0) / counts.sum()
    return torch.where(counts > 0, counts / chance, 1).log()
