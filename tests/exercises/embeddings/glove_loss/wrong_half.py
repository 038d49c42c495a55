# misconception: half precision is accurate enough
# message: wrong for|the loss is|the error


def glove_loss(centre, neighbour, centre_bias, neighbour_bias, counts, n_max):
    fitted = (centre.bfloat16() @ neighbour.bfloat16().T).float() + centre_bias[:, None] + neighbour_bias
    weight = (counts / n_max).clamp(max=1) ** 0.75
    return (weight * (fitted - counts.clamp(min=0.5).log()) ** 2).sum()
