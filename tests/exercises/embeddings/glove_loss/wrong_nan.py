# misconception: a weight of 0 removes what it multiplies
# message: the loss is nan: what do you do with pairs


def glove_loss(centre, neighbour, centre_bias, neighbour_bias, counts, n_max):
    fitted = centre @ neighbour.T + centre_bias[:, None] + neighbour_bias
    weight = (counts / n_max).clamp(max=1) ** 0.75
    return (weight * (fitted - counts.log()) ** 2).sum()
