# misconception: the share of a neighbour among the word's is compared with nothing
# message: give
import torch


def positive_pmi(counts):
    share = counts / counts.sum(1, keepdim=True).clamp(min=1e-9)
    return torch.where(counts > 0, 1 / share, 1).log().clamp(min=0)
