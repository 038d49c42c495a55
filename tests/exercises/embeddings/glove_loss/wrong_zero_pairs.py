# misconception: a pair that never occurs should have the logarithm of a small number
# message: the loss is


def glove_loss(centre, neighbour, centre_bias, neighbour_bias, counts, n_max):
    fitted = centre @ neighbour.T + centre_bias[:, None] + neighbour_bias
    weight = ((counts + 1e-3) / n_max).clamp(max=1) ** 0.75
    return (weight * (fitted - (counts + 1e-3).log()) ** 2).sum()
