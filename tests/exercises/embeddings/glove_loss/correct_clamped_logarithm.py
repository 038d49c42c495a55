# approach: the logarithm of a small number in place of 0, whose weight is 0
import torch


def glove_loss(centre, neighbour, centre_bias, neighbour_bias, counts, n_max):
    weight = torch.minimum(torch.ones(()), counts / n_max).pow(3 / 4)
    error = torch.einsum("wd,cd->wc", centre, neighbour) + centre_bias[:, None] + neighbour_bias[None]
    return (weight * (error - counts.clamp(min=0.1).log()) ** 2).sum()
