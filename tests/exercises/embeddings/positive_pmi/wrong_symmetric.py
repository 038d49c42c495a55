# misconception: the table is symmetric
# message: the sum of its column
import torch


def positive_pmi(counts):
    sums = counts.sum(1)
    chance = torch.outer(sums, sums) / counts.sum()
    return torch.where((counts > 0) & (chance > 0), counts / chance, 1).log().clamp(min=0)
