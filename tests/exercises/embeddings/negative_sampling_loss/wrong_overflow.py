# misconception: log(1 + e^x) is safe
# message: with dot products of -?500 the loss is inf
import torch


def negative_sampling_loss(centre, neighbour, drawn):
    real = (neighbour * centre).sum(1)
    others = (drawn @ centre.unsqueeze(2)).squeeze(2)
    return (torch.log1p(torch.exp(-real)) + torch.log1p(torch.exp(others)).sum(1)).mean()
