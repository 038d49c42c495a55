# misconception: the word's sum is that of its column
# message: does row w hold the word|give
import torch


def positive_pmi(counts):
    chance = counts.sum(0).unsqueeze(1) * counts.sum(1) / counts.sum()
    return torch.where((counts > 0) & (chance > 0), counts / chance, 1).log().clamp(min=0)
