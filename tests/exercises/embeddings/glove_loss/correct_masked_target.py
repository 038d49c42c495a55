# approach: log of 1 where no pair occurs, and a weight of 0
import torch


def glove_loss(centre, neighbour, centre_bias, neighbour_bias, counts, n_max):
    target = torch.where(counts > 0, counts, torch.ones(())).double().log()
    weight = torch.where(counts < n_max, (counts / n_max).double() ** 0.75, 1.0)
    weight = weight * (counts > 0)
    fitted = centre.double() @ neighbour.double().mT + (centre_bias.view(-1, 1) + neighbour_bias)
    return torch.sum(weight * (fitted - target).square())
