# misconception: a small number makes the logarithm safe
# message: is its logarithm cut off
import torch


def negative_sampling_loss(centre, neighbour, drawn):
    real = torch.sigmoid((neighbour * centre).sum(1))
    others = torch.sigmoid(-(drawn @ centre.unsqueeze(2)).squeeze(2))
    return -((real + 1e-10).log() + (others + 1e-10).log().sum(1)).mean()
