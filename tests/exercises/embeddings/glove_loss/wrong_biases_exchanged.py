# misconception: the bias of the word belongs to the columns
# message: the neighbour is the column|the word is the row|the row of the table is the word


def glove_loss(centre, neighbour, centre_bias, neighbour_bias, counts, n_max):
    fitted = centre @ neighbour.T + centre_bias + neighbour_bias[:, None]
    weight = (counts / n_max).clamp(max=1) ** 0.75
    return (weight * (fitted - counts.clamp(min=0.5).log()) ** 2).sum()
