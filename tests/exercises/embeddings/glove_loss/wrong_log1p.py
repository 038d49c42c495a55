# misconception: one more than the count makes the logarithm safe
# message: the loss is


def glove_loss(centre, neighbour, centre_bias, neighbour_bias, counts, n_max):
    fitted = centre @ neighbour.T + centre_bias[:, None] + neighbour_bias
    weight = (counts / n_max).clamp(max=1) ** 0.75
    return (weight * (fitted - counts.log1p()) ** 2).sum()
