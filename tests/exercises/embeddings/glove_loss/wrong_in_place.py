# misconception: zeros in the counts may be replaced where they are
# message: changed the tensor `counts`


def glove_loss(centre, neighbour, centre_bias, neighbour_bias, counts, n_max):
    weight = (counts / n_max).clamp(max=1) ** 0.75
    counts[counts == 0] = 1
    fitted = centre @ neighbour.T + centre_bias[:, None] + neighbour_bias
    return (weight * (fitted - counts.log()) ** 2).sum()
