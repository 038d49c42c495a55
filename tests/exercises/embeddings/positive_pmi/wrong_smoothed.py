# misconception: one is added before a logarithm
# message: nothing is added to the ratio
import torch


def positive_pmi(counts):
    chance = counts.sum(1, keepdim=True) * counts.sum(0) / counts.sum()
    return torch.where(counts > 0, counts / chance, 0).log1p()
