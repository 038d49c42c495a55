# misconception: n_max is 100, as in the paper
# message: does your code use n_max


def glove_loss(centre, neighbour, centre_bias, neighbour_bias, counts, n_max):
    fitted = centre @ neighbour.T + centre_bias[:, None] + neighbour_bias
    weight = (counts / 100).clamp(max=1) ** 0.75
    return (weight * (fitted - counts.clamp(min=0.5).log()) ** 2).sum()
