# misconception: the whole number of pairs cancels
# message: does N belong where it is
import torch


def positive_pmi(counts):
    chance = counts.sum(1, keepdim=True) * counts.sum(0)
    return torch.where(counts > 0, counts / chance, 1).log().clamp(min=0)
