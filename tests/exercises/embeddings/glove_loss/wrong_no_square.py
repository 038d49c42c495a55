# misconception: the loss is the error
# message: the square is missing


def glove_loss(centre, neighbour, centre_bias, neighbour_bias, counts, n_max):
    fitted = centre @ neighbour.T + centre_bias[:, None] + neighbour_bias
    weight = (counts / n_max).clamp(max=1) ** 0.75
    return (weight * (fitted - counts.clamp(min=0.5).log()).abs()).sum()
