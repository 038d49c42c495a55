# misconception: the weight is at least 1
# message: every pair has the weight 1|the loss is


def glove_loss(centre, neighbour, centre_bias, neighbour_bias, counts, n_max):
    fitted = centre @ neighbour.T + centre_bias[:, None] + neighbour_bias
    weight = (counts / n_max).clamp(min=1) ** 0.75 * (counts > 0)
    return (weight * (fitted - counts.clamp(min=0.5).log()) ** 2).sum()
