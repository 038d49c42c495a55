# approach: biases as two more columns of the vectors
import torch


def glove_loss(centre, neighbour, centre_bias, neighbour_bias, counts, n_max):
    one = torch.ones(len(centre), 1)
    rows = torch.cat([centre, centre_bias[:, None], one], dim=1)
    columns = torch.cat([neighbour, one, neighbour_bias[:, None]], dim=1)
    occurs = counts.nonzero(as_tuple=True)
    n = counts[occurs]
    error = (rows[occurs[0]] * columns[occurs[1]]).sum(dim=1) - n.log()
    return ((n / n_max).clamp(max=1).sqrt() * (n / n_max).clamp(max=1) ** 0.25) @ error**2
