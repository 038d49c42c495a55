# misconception: counts may become probabilities where they are
# message: changed the counts
import torch


def positive_pmi(counts):
    counts /= counts.sum()
    chance = counts.sum(1, keepdim=True) * counts.sum(0)
    return torch.where(counts > 0, counts / chance, 1).log().clamp(min=0)
