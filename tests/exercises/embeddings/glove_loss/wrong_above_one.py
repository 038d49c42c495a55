# misconception: a pair that occurs less than once does not occur
# message: pairs count if above 0


def glove_loss(centre, neighbour, centre_bias, neighbour_bias, counts, n_max):
    fitted = centre @ neighbour.T + centre_bias[:, None] + neighbour_bias
    weight = (counts / n_max).clamp(max=1) ** 0.75 * (counts >= 1)
    return (weight * (fitted - counts.clamp(min=1).log()) ** 2).sum()
