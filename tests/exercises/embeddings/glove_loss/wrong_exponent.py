# misconception: the exponent is 4/3
# message: 3/4, not 4/3


def glove_loss(centre, neighbour, centre_bias, neighbour_bias, counts, n_max):
    fitted = centre @ neighbour.T + centre_bias[:, None] + neighbour_bias
    weight = (counts / n_max).clamp(max=1) ** (4 / 3)
    return (weight * (fitted - counts.clamp(min=0.5).log()) ** 2).sum()
