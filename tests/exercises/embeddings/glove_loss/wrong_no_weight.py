# misconception: every pair counts the same
# message: every pair has the weight 1


def glove_loss(centre, neighbour, centre_bias, neighbour_bias, counts, n_max):
    fitted = centre @ neighbour.T + centre_bias[:, None] + neighbour_bias
    occurs = counts > 0
    return ((fitted - counts.clamp(min=0.5).log()) ** 2)[occurs].sum()
