# misconception: positive means without the sign
# message: does row w hold the word|give
import torch


def positive_pmi(counts):
    chance = counts.sum(1, keepdim=True) * counts.sum(0) / counts.sum()
    return torch.where(counts > 0, counts / chance, 1).log().abs()
