# misconception: the weight is in proportion to the count
# message: the exponent of the weight is missing


def glove_loss(centre, neighbour, centre_bias, neighbour_bias, counts, n_max):
    fitted = centre @ neighbour.T + centre_bias[:, None] + neighbour_bias
    weight = (counts / n_max).clamp(max=1)
    return (weight * (fitted - counts.clamp(min=0.5).log()) ** 2).sum()
