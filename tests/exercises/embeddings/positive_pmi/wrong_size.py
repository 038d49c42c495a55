# misconception: N is the number of entries
# message: not of entries
import torch


def positive_pmi(counts):
    chance = counts.sum(1, keepdim=True) * counts.sum(0) / counts.numel()
    return torch.where(counts > 0, counts / chance, 1).log().clamp(min=0)
