# approach: probabilities, with at least 1 in place of a ratio
import torch


def positive_pmi(counts):
    p = counts / counts.sum()
    chance = torch.outer(p.sum(1), p.sum(0))
    ratio = torch.ones_like(p)
    ratio[p > 0] = p[p > 0] / chance[p > 0]
    return torch.maximum(ratio, torch.ones(())).log()
