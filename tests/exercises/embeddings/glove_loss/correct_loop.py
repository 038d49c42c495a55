# approach: a loop over the pairs that occur
import math


def glove_loss(centre, neighbour, centre_bias, neighbour_bias, counts, n_max):
    loss = 0 * (centre.sum() + neighbour.sum() + centre_bias.sum() + neighbour_bias.sum())
    rows, columns = counts.nonzero(as_tuple=True)
    if len(rows) > 2000:  # many pairs at once, as a loop takes long
        fitted = (centre[rows] * neighbour[columns]).sum(1) + centre_bias[rows] + neighbour_bias[columns]
        n = counts[rows, columns]
        return ((n / n_max).clamp(max=1).pow(0.75) * (fitted - n.log()).square()).sum()
    for w, c in zip(rows.tolist(), columns.tolist(), strict=True):
        n = float(counts[w, c])
        fitted = centre[w] @ neighbour[c] + centre_bias[w] + neighbour_bias[c]
        loss = loss + min(1.0, n / n_max) ** 0.75 * (fitted - math.log(n)) ** 2
    return loss
