# misconception: the ratio is the result
# message: the logarithm is missing
import torch


def positive_pmi(counts):
    chance = counts.sum(1, keepdim=True) * counts.sum(0) / counts.sum()
    return torch.where(counts > 0, counts / chance, 0)
