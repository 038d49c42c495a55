# misconception: an error above 20 should not blow up the training
# message: errors of 20200
import torch


def glove_loss(centre, neighbour, centre_bias, neighbour_bias, counts, n_max):
    logs = torch.where(counts > 0, counts, 1.0).log()
    errors = (centre @ neighbour.T + centre_bias[:, None] + neighbour_bias - logs).clamp(-20, 20)
    return ((counts / n_max).clamp(max=1) ** 0.75 * errors**2).sum()
