# approach: nan and minus infinity replaced at the end
import torch


def positive_pmi(counts):
    chance = counts.sum(1, keepdim=True) @ counts.sum(0, keepdim=True) / counts.sum()
    return torch.relu(torch.nan_to_num(torch.log(counts / chance)))
