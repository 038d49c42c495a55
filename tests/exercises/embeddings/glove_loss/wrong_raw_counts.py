# misconception: the count itself is fitted
# message: the logarithm is missing|the loss is


def glove_loss(centre, neighbour, centre_bias, neighbour_bias, counts, n_max):
    fitted = centre @ neighbour.T + centre_bias[:, None] + neighbour_bias
    weight = (counts / n_max).clamp(max=1) ** 0.75
    return (weight * (fitted - counts) ** 2).sum()
