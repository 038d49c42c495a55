# misconception: without pairs a plain 0 will do
# message: no gradient flows, with 0 pairs
import torch


def glove_loss(centre, neighbour, centre_bias, neighbour_bias, counts, n_max):
    if not counts.any():
        return torch.tensor(0.0)
    w, c = counts.nonzero(as_tuple=True)
    n = counts[w, c]
    error = (centre[w] * neighbour[c]).sum(1) + centre_bias[w] + neighbour_bias[c] - n.log()
    return ((n / n_max).clamp(max=1) ** 0.75 * error**2).sum()
