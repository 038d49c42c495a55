# misconception: the vectors make biases superfluous
# message: gives the loss 0.0


def glove_loss(centre, neighbour, centre_bias, neighbour_bias, counts, n_max):
    fitted = centre @ neighbour.T
    weight = (counts / n_max).clamp(max=1) ** 0.75
    return (weight * (fitted - counts.clamp(min=0.5).log()) ** 2).sum()
