# misconception: where() keeps infinite numbers out of the gradient
# message: the gradient of centre is nan
import torch


def glove_loss(centre, neighbour, centre_bias, neighbour_bias, counts, n_max):
    fitted = centre @ neighbour.T + centre_bias[:, None] + neighbour_bias
    weight = (counts / n_max).clamp(max=1) ** 0.75
    return torch.where(counts > 0, weight * (fitted - counts.log()) ** 2, 0).sum()
