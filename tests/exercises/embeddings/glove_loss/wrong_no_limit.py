# misconception: a weight may be above 1
# message: no weight is above 1


def glove_loss(centre, neighbour, centre_bias, neighbour_bias, counts, n_max):
    fitted = centre @ neighbour.T + centre_bias[:, None] + neighbour_bias
    weight = (counts / n_max) ** 0.75
    return (weight * (fitted - counts.clamp(min=0.5).log()) ** 2).sum()
