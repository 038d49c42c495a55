# misconception: a PMI above 10 is an accident of rare words
# message: wrong for 24 words
import torch


def positive_pmi(counts):
    chance = counts.sum(1, keepdim=True) * counts.sum(0) / counts.sum()
    return torch.where(counts > 0, counts / chance, 1).log().clamp(0, 10)
